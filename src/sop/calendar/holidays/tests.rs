use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_program_brings_2007_to_2026() {
    let years: Vec<i32> = read(STATUTORY).unwrap().into_keys().collect();
    assert_eq!(years, (2007..=2026).collect::<Vec<_>>());
    assert_eq!(Holidays::default().known_to(2007), Some(2026));
    assert_eq!(Holidays::default().known_to(2027), None);
}

#[test]
fn days_off_and_made_up() {
    let known = Holidays::default();
    let check = |date: &str, off: Option<bool>, makeup: bool| {
        assert_eq!((known.is_off(day(date)), known.is_makeup(day(date))), (off, makeup), "{date}");
    };
    check("2026-01-01", Some(true), false);
    check("2026-01-04", Some(false), true); // a Sunday
    check("2026-01-05", Some(false), false);
    check("2026-01-10", Some(true), false); // a Saturday
    check("2026-02-14", Some(false), true);
    check("2026-02-23", Some(true), false);
    check("2013-04-07", Some(false), true);
    check("2013-10-12", Some(false), true);
    check("2016-10-09", Some(false), true);
    check("2016-12-30", Some(false), false);
    check("2015-09-04", Some(true), false);
    check("2020-01-31", Some(true), false);
    check("2020-02-01", Some(true), false); // a Saturday that was to be worked before the holiday grew
    check("2007-12-31", Some(true), false);
    check("2007-12-29", Some(false), true);
    check("2027-01-04", None, false); // a Monday of a year nobody knows
    check("2006-12-29", None, false);
    assert_eq!(known.holiday(day("2026-09-25")), Some("中秋"));
    assert_eq!(known.holiday(day("2026-01-10")), None);
}

#[test]
fn every_year_has_its_working_days() {
    // days from Monday to Friday that are off, weekends that are worked; counted by chinesecalendar 1.11
    let expected: [(i32, usize, usize); 20] = [
        (2007, 19, 7),
        (2008, 16, 5),
        (2009, 17, 6),
        (2010, 19, 8),
        (2011, 16, 6),
        (2012, 18, 6),
        (2013, 23, 12),
        (2014, 16, 5),
        (2015, 17, 5),
        (2016, 17, 6),
        (2017, 16, 5),
        (2018, 18, 7),
        (2019, 17, 6),
        (2020, 19, 6),
        (2021, 18, 7),
        (2022, 18, 7),
        (2023, 18, 7),
        (2024, 19, 8),
        (2025, 18, 5),
        (2026, 19, 6),
    ];
    let known = Holidays::default();
    for (year, off, worked) in expected {
        let days = (0..SPAN_MAX).map(|n| plus_days(NaiveDate::from_ymd_opt(year, 1, 1).unwrap(), n));
        let days: Vec<NaiveDate> = days.take_while(|day| day.year() == year).collect();
        let count = |off: bool| {
            days.iter().filter(|day| known.is_off(**day) == Some(off) && is_weekend(**day) != off).count()
        };
        assert_eq!((count(true), count(false)), (off, worked), "{year}");
    }
}

#[test]
fn the_next_working_day() {
    let mut known = Holidays::default();
    let check = |known: &Holidays, from: &str, expected: Option<&str>| {
        assert_eq!(known.workday_on_or_after(day(from)), expected.map(day), "{from}");
    };
    check(&known, "2026-02-13", Some("2026-02-13"));
    check(&known, "2026-02-15", Some("2026-02-24"));
    check(&known, "2026-02-28", Some("2026-02-28"));
    check(&known, "2026-12-31", Some("2026-12-31"));
    check(&known, "2027-01-01", None);
    check(&known, "1990-01-01", Some("2007-01-04"));
    known.set(2028, read("[[year]]\nyear = 2028\noff = [\"01-01..01-03\"]").unwrap().remove(&2028));
    check(&known, "2027-01-01", Some("2028-01-04"));
    assert_eq!(known.known_to(2026), Some(2026));
    known.set(2028, None);
    check(&known, "2027-01-01", None);
}

#[test]
fn a_given_year_holds_over_the_program_s() {
    let mut known = Holidays::default();
    known.set(2026, read("[[year]]\nyear = 2026\noff = [\"11-30 店庆\"]").unwrap().remove(&2026));
    assert_eq!(known.is_off(day("2026-11-30")), Some(true));
    assert_eq!(known.is_off(day("2026-01-01")), Some(false));
    assert_eq!(known.to_toml(), "[[year]]\nyear = 2026\noff = [\"11-30 店庆\"]\nwork = []\n");
}

#[test]
fn a_year_is_written_as_it_is_read() {
    let years = read(STATUTORY).unwrap();
    for (number, year) in &years {
        assert_eq!(read(&year.to_toml(*number)).unwrap().get(number), Some(year));
    }
    let named = "[[year]]\nyear = 2027\noff = ['01-01 \"新\" 年']\n";
    let year = read(named).unwrap().remove(&2027).unwrap();
    assert_eq!(read(&year.to_toml(2027)).unwrap().get(&2027), Some(&year));
}

#[test]
fn mistakes_in_a_year_point_to_their_place() {
    let check = |rest: &str, line: u32, column: u32, words: &str| {
        let problem = read(&format!("[[year]]\nyear = 2027\n{rest}")).unwrap_err();
        assert_eq!((problem.line, problem.column, problem.words(Lang::En).as_str()), (line, column, words));
    };
    let shape = "days are written 01-01 or 01-01..01-03, with a name if wanted, not";
    check("off = [\"02-30 元旦\"]", 3, 8, &format!("{shape} 02-30 元旦"));
    check("off = [\"01-01\", \"01-03..01-02\"]", 3, 17, &format!("{shape} 01-03..01-02"));
    check("work = [\"01-02..01-03\"]", 3, 9, &format!("{shape} 01-02..01-03"));
    check("work = [\"01-04\"]", 3, 9, "2027-01-04 is Monday to Friday and needs no entry to be worked");
    check("off = [\"01-01..01-03\"]\nwork = [\"01-02\"]", 4, 9, "2027-01-02 is both off and worked");
    check("free = []", 3, 1, "TOML: unknown field `free`, expected one of `year`, `off`, `work`");
    check("[[year]]\nyear = 2027", 4, 8, "2027 stands in the file twice");
    check("[[year]]\nyear = 99", 4, 8, "there is no year 99");
    assert_eq!(read("").unwrap_err().words(Lang::En), "the file has no [[year]]");
}

#[test]
fn all_languages_say_the_same() {
    assert_eq!(crate::text::lang::faults::<HolidayWords>(), Vec::<String>::new());
}
