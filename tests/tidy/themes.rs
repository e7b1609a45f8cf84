//! Every palette in `themes/` is built in and reads.

use std::fs;

use qun::tui::palette::{Palette, built_in_names};

use super::source::all_files;

#[test]
fn every_theme_file_is_built_in_and_reads() {
    let files = all_files("themes");
    assert!(!files.is_empty());
    let mut built_in = built_in_names();
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let (_, problems) = Palette::read(&fs::read_to_string(&file).unwrap());
        assert_eq!(problems, Vec::new(), "{name} does not read");
        let place = built_in.iter().position(|known| *known == name);
        built_in.remove(place.unwrap_or_else(|| panic!("themes/{name}.toml is offered nowhere")));
    }
    assert_eq!(built_in, Vec::<&str>::new(), "offered without a file in themes/");
}

/// Relative luminance of `#rrggbb`, as WCAG 2 computes it.
fn luminance(hex: &str) -> f64 {
    let value = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap();
    let part = |shift: u32| {
        let linear = f64::from((value >> shift) & 0xff) / 255.0;
        if linear <= 0.04045 { linear / 12.92 } else { ((linear + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

/// Contrast of two colours, from 1 to 21.
fn contrast(one: &str, other: &str) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn what_is_read_stands_out_from_its_ground() {
    // the grounds that terminals of these themes commonly have; AA asks 4.5 of text, AAA 7, and lines between panes are no text
    let grounds = [
        ("dark", ["#000000", "#1e1e1e"], 4.5),
        ("light", ["#ffffff", "#fafafa"], 4.5),
        ("contrast", ["#000000", "#1e1e1e"], 7.0),
    ];
    let mut weak = Vec::new();
    for (name, grounds, least) in grounds {
        let text = fs::read_to_string(format!("themes/{name}.toml")).unwrap();
        let theme: toml::Table = toml::from_str(&text).unwrap();
        for (role, look) in theme["roles"].as_table().unwrap() {
            let Some(colour) = look.get("fg").and_then(|fg| fg.as_str()) else { continue };
            let least = if role == "rule" { 2.5 } else { least };
            for ground in grounds {
                let found = contrast(colour, ground);
                if found < least {
                    weak.push(format!("{name} {role} {colour} on {ground}: {found:.2} of {least}"));
                }
            }
        }
    }
    assert_eq!(weak, Vec::<String>::new());
    assert!((contrast("#ffffff", "#000000") - 21.0).abs() < 0.01);
}
