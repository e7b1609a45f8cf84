//! The calendar on the screen, at three sizes, and the list behind its days.

use chrono::NaiveDate;

use super::Screen;
use super::desk::{Desk, at};
use qun::book::{AccountId, Campaign, PlaybookId, Wave, id::Id};
use qun::door::command::Command;
use qun::door::detail::{CampaignTrial, CampaignView, WaveTrial, WaveView};
use qun::door::forecast::{AccountDay, CapAhead, DayAhead, DayItem, Forecast, Missing, PersonDay, Range};
use qun::door::line::Ref;
use qun::report::funnel::Funnel;
use qun::text::lang::Lang;

fn playbook(name: &str) -> Ref<PlaybookId> {
    Ref { id: PlaybookId("morning".into()), name: name.into() }
}

/// Days from the desk's today on: Mondays are full, the solstice has its name, three days have no work.
pub(super) fn forecast(days: u32) -> Forecast {
    let today: NaiveDate = "2026-11-22".parse().unwrap();
    let day = |n: u64| {
        let date = today + chrono::Days::new(n);
        let full = n % 7 == 1;
        let item = |minutes: i64, name: &str, step: &str, n: u32| DayItem {
            at: at(minutes),
            playbook: Some(playbook(name)),
            step: step.into(),
            n,
            estimated: 0,
            zone: String::new(),
        };
        let mut items = vec![item(-300, "群日常早安", "morning", 12), item(60, "社区团购一天", "open", 12)];
        if days == 1 {
            // what is open already, also from before
            items.push(DayItem { playbook: None, ..item(0, "", "", 13) });
        }
        if full {
            items.extend((0..9).map(|n| item(70 + n * 10, "新客培育 7 天", "tip", 20)));
        }
        let account = Ref { id: AccountId::from_bits(1), name: "手机1".into() };
        DayAhead {
            hours: std::array::from_fn(|hour| if hour == 15 { 12 } else { 0 }),
            date,
            lunar: "十月十四".into(),
            marks: if date.to_string() == "2026-12-22" { vec!["冬至".into()] } else { Vec::new() },
            off: Some(matches!(n % 7, 0 | 6)),
            tasks: items.iter().map(|item| item.n).sum(),
            estimated: 0,
            seconds: 24 * 30,
            people: vec![PersonDay { name: "小李".into(), tasks: 3, seconds: 200 }],
            newcomers: Range { low: 0, high: if full { 12 } else { 0 } },
            accounts: vec![AccountDay {
                account: Some(account),
                holder: "小李".into(),
                tasks: 24,
                seconds: 720,
                held: 0,
                lost: 0,
            }],
            items,
        }
    };
    Forecast {
        days: (0..u64::from(days)).map(day).collect(),
        caps: vec![CapAhead {
            day: today,
            scope: "group".into(),
            per: "day".into(),
            name: "宠友1群".into(),
            planned: 7,
            n: 5,
        }],
        clashes: vec![(today, "小雨妈".into(), vec!["生日关怀".into(), "复购提醒".into()])],
        clash_count: 1,
        missing: vec![Missing {
            playbook: playbook("群日常早安"),
            step: "morning".into(),
            n: 9,
            first: at(60 * 24 * 5),
            wordings: 16,
            more: 3,
        }],
        looked_at: 80,
        ..Forecast::default()
    }
}

#[test]
fn a_month_and_the_list_behind_a_day() {
    for (size, lang) in
        [((60, 12), Lang::ZhCn), ((80, 24), Lang::ZhCn), ((120, 40), Lang::En), ((200, 60), Lang::ZhCn)]
    {
        let mut screen = Screen::new(Desk::small(), size, lang);
        screen.keys(": 'calendar enter");
        insta::assert_snapshot!(format!("calendar-{}x{}-{lang}", size.0, size.1), screen.picture());
        for row in screen.rows() {
            assert!(!row.chars().any(qun::text::width::is_ambiguous), "{row}");
        }
    }
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys(": 'calendar enter enter");
    insta::assert_snapshot!("calendar-day", screen.picture());
    // any key leaves the list, then a day, a week, a month; never before today nor past what is known
    screen.keys("esc right j");
    assert!(screen.picture().contains("2026-11-30"), "{}", screen.picture());
    screen.keys("]");
    assert!(screen.picture().contains("2026-12-30  ") && screen.picture().contains("冬至"));
    screen.keys("[ [ [");
    assert!(screen.picture().contains("2026-11-22  "), "{}", screen.picture());
    screen.keys("G");
    assert!(screen.picture().contains("2027-01-22"), "{}", screen.picture());
    screen.keys("esc");
    assert!(!screen.picture().contains("2027"));
}

/// One that runs over two playbooks.
pub(super) fn campaigns() -> Vec<CampaignView> {
    let campaign = Campaign {
        id: "jun-618".into(),
        title: "618 大促".into(),
        playbooks: vec![playbook("").id],
        waves: vec![
            Wave { begun_at: Some(at(-600)), ..Wave::new(at(-600), "stage:repeat".into()) },
            Wave::new(at(1500), String::new()),
        ],
        from: at(-600),
        until: at(3000),
        answers: Vec::new(),
        texts: Vec::new(),
        stopped_at: None,
        ended_at: None,
        act: Some(Id::from_bits(9)),
    };
    let funnel = Funnel { due: 40, open: 10, sent: 30, private: 30, replied: 12, bought: 5, ruled_out: 0 };
    let playbooks = vec![(playbook("沉默唤醒 3 轮"), [35, 0, 3, 2], funnel)];
    let none = Funnel { due: 0, open: 0, sent: 0, private: 0, replied: 0, bought: 0, ruled_out: 0 };
    let waves = vec![
        WaveView { chosen_at: Some(at(-600)), people: 40, playbooks: vec![([35, 0, 3, 2], funnel)] },
        WaveView { chosen_at: Some(at(1500)), people: 0, playbooks: vec![([0; 4], none)] },
    ];
    vec![CampaignView {
        campaign,
        over: false,
        playbooks,
        waves,
        texts: Vec::new(),
        refilled: Vec::new(),
        unsent: Vec::new(),
        capped: 0,
    }]
}

/// What a look at any campaign finds.
pub(super) fn trial(campaign: &Campaign) -> CampaignTrial {
    let day: NaiveDate = "2026-12-12".parse().unwrap();
    let wave = |wave: &Wave| WaveTrial {
        at: wave.at,
        filter: wave.filter.clone(),
        chosen_at: wave.at,
        people: 36,
        playbooks: vec![(playbook("沉默唤醒 3 轮"), 36)],
        overlap: 4,
        stays: vec![("人群不符".into(), 2)],
    };
    CampaignTrial {
        waves: campaign.waves.iter().map(wave).collect(),
        messages: 108,
        clash_count: 3,
        clashes: vec![(day, "小雨妈".into(), vec!["沉默唤醒".into(), "早安".into()])],
        ..CampaignTrial::default()
    }
}

#[test]
fn a_campaign_is_reviewed_and_stopped_for_all() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys(": 'campaigns enter");
    assert!(
        screen.picture().contains("618 大促") && screen.picture().contains("已发 30/40"),
        "{}",
        screen.picture()
    );
    screen.keys("1");
    insta::assert_snapshot!("campaign", screen.picture());
    screen.keys("3");
    assert_eq!(screen.desk.told.last(), Some(&Command::CampaignStop { id: "jun-618".into() }));
}

#[test]
fn a_campaign_is_written_tried_and_only_then_set_up() {
    let mut screen = Screen::new(Desk::small(), (80, 24), Lang::ZhCn);
    screen.keys(": 'campaigns enter 2 '12-sale tab '双十二 tab 'wake-silent tab");
    screen.keys("'stage:silent tab '2026-12-11 tab tab tab tab '2026-12-13 tab '商品=牛奶 ctrl-s");
    insta::assert_snapshot!("campaign_form", screen.picture());
    let told = screen.desk.told.len();
    // a change is tried anew
    screen.keys("'; ctrl-s");
    assert_eq!(screen.desk.told.len(), told);
    screen.keys("ctrl-s");
    let Some(Command::CampaignAdd { campaign }) = screen.desk.told.last() else {
        panic!("{}", screen.picture())
    };
    assert_eq!((campaign.id.as_str(), campaign.title.as_str()), ("12-sale", "双十二"));
    assert_eq!((campaign.waves.len(), campaign.waves[0].filter.as_str()), (1, "stage:silent"));
    assert_eq!(campaign.answers, [("商品".to_owned(), "牛奶".to_owned())]);
    // what is missing is named at its row
    screen.keys(": 'campaigns enter 2 'x ctrl-s");
    assert!(screen.picture().contains("要填"), "{}", screen.picture());
}

#[test]
fn a_campaign_carries_texts() {
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    screen.keys(": 'campaigns enter 2 '12-sale tab tab tab tab tab tab tab tab '2026-12-12 tab");
    // its other rows come with the text
    assert!(!screen.picture().contains("文字 1 给谁"), "{}", screen.picture());
    screen.keys("tab '今晚开始 tab 'stage:new tab '群里");
    screen.keys("ctrl-s");
    assert!(screen.picture().contains("成员 (空着也是) 或 群"), "{}", screen.picture());
    screen.keys("backspace tab '2026-12-10");
    insta::assert_snapshot!("campaign_texts", screen.picture());
    screen.keys("ctrl-s ctrl-s");
    let Some(Command::CampaignAdd { campaign }) = screen.desk.told.last() else {
        panic!("{:?}\n{}", screen.desk.told, screen.picture());
    };
    assert_eq!(
        (campaign.playbooks.len(), campaign.waves.len(), campaign.texts.len()),
        (0, 0, 1),
        "{campaign:?}"
    );
    let text = &campaign.texts[0];
    assert_eq!((text.text.as_str(), text.filter.as_str(), text.groups), ("今晚开始", "stage:new", true));
}

#[test]
fn what_has_begun_of_a_campaign_is_told_and_the_rest_changed() {
    let mut screen = Screen::new(Desk::small(), (120, 40), Lang::ZhCn);
    screen.keys(": 'campaigns enter 1 2");
    assert!(
        screen.picture().contains("第 1 波") && screen.picture().contains("不再改"),
        "{}",
        screen.picture()
    );
    screen.keys("'年中 ctrl-s ctrl-s");
    let Some(Command::CampaignEdit { campaign }) = screen.desk.told.last() else {
        panic!("{}", screen.picture())
    };
    let known = campaigns().remove(0).campaign;
    assert_eq!(campaign.title, "618 大促年中");
    assert_eq!(
        (campaign.from, campaign.until, &campaign.playbooks),
        (known.from, known.until, &known.playbooks)
    );
    assert!(campaign.waves.iter().zip(&known.waves).all(|(wave, was)| wave.is_as(was)), "{campaign:?}");
}

#[test]
fn the_day_hour_by_hour_is_reached_in_every_window() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let mut desk = super::desk::Desk::small();
        // what was put off to the evening comes in the evening
        desk.tasks[1].state = qun::book::TaskState::Snoozed;
        desk.tasks[1].snoozed_until = Some(at(240));
        let mut screen = Screen::new(desk, size, Lang::ZhCn);
        screen.keys("8 D");
        let picture = screen.picture();
        // and of what is planned every step of the day, not each one's next alone
        let steps = ["15:00  ############# 13 条", "15:03  社区团购一天 / open  12 条"];
        // three are from before
        let open = [
            "今日时间轴",
            "以前到点的还有 3 条没发",
            "13:00  # 1 条",
            "14:00  ### 3 条",
            "现在",
            "18:00  # 1 条",
        ];
        for words in open.into_iter().chain(steps) {
            assert!(picture.contains(words), "{words}\n{picture}");
        }
        assert!(!picture.contains("下一步"), "{picture}");
        screen.keys("q : '时间轴 enter");
        assert!(screen.picture().contains("13:00  #"), "{}", screen.picture());
    }
}

#[test]
fn arrows_are_called_as_everywhere_else() {
    for (lang, words) in
        [(Lang::ZhCn, "左右键换天"), (Lang::ZhTw, "左右鍵換天"), (Lang::En, "Left/Right day")]
    {
        let mut screen = Screen::new(Desk::small(), (80, 24), lang);
        screen.keys(": 'calendar enter");
        assert!(screen.picture().contains(words), "{}", screen.picture());
    }
}
