//! Where a byte stands in a text, as people count.

/// 1-based line and column of a byte of a text; columns count characters. A byte beyond the end is the end.
pub fn line_and_column(text: &str, byte: usize) -> (u32, u32) {
    let before = text.get(..byte.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_their_ends() {
        let text = "群 = 1\n宠友\n";
        for (byte, wanted) in
            [(0, (1, 1)), (3, (1, 2)), (8, (2, 1)), (14, (2, 3)), (15, (3, 1)), (99, (3, 1))]
        {
            assert_eq!(line_and_column(text, byte), wanted, "{byte}");
        }
    }
}
