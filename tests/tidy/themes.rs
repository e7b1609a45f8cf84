//! Every palette in `themes/` is built in and reads.

use std::fs;

use qun::tui::theme::{Depth, Theme, names};

use super::source::all_files;

#[test]
fn every_theme_file_is_built_in_and_reads() {
    let files = all_files("themes");
    assert!(!files.is_empty());
    let mut built_in = names();
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        assert!(
            Theme::read(&fs::read_to_string(&file).unwrap(), Depth::True).is_ok(),
            "{name} does not read"
        );
        let place = built_in.iter().position(|known| *known == name);
        built_in.remove(place.unwrap_or_else(|| panic!("themes/{name}.toml is offered nowhere")));
    }
    assert_eq!(built_in, Vec::<&str>::new(), "offered without a file in themes/");
}
