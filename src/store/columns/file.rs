//! The columns file: the book in memory as it was at one record, so that opening need not read the journal.
//!
//! ```text
//! index.columns   magic, INDEX_VERSION (u32), lineage, sequence number (u64), CRC of that record's frame (u32),
//!                 CRC of the bytes before (u32), blocks
//! block           kind (u8), bytes (u32), CRC of kind and payload (u32), payload
//! ```
//!
//! Numbers are little-endian. A block of kind `h` comes first: what is few (MessagePack without names); then `t`, `m`
//! and `e` hold a chunk of tasks, members or enrolments as it stands in memory: how many, their ids, where each row
//! ends, the rows; `.` says that no block is missing. Orders by time and places by id are made anew while reading:
//! tasks come first, since to order them takes longest and can be done while the rest is read. A
//! format per release. Written aside and renamed; a file that does not fit the journal is passed over, for everything
//! in it can be replayed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::packed_rows::{Chunk, Packed, PackedRows};
use super::rows::Rows;
use super::{
    AccountColumn, Columns, GroupColumn, ImportProgress, LeftWork, PlaybookColumn, Reversal, Silenced,
    SnippetColumn, StoreFacts, Words,
};
use crate::book::id::Id;
use crate::book::packed::unpack;
use crate::book::{
    AccountId, ActId, Campaign, EnrolmentId, GroupId, MemberId, PlaybookId, Product, ProductId, Rules,
    Snippet, Target, TaskId, Timestamp, View,
};
use crate::sop::calendar::holidays::Holidays;
use crate::store::INDEX_VERSION;
use crate::store::index::Mark;
use crate::store::record::{AskKey, PauseState};

/// Ends in the version of the rows' bytes.
pub(in crate::store) const MAGIC: &[u8; 8] = b"quncol6\n";
/// Bytes before the first block.
pub const HEADER_BYTES: usize = 8 + 4 + 16 + 8 + 4 + 4;

/// As much room is made at once for a block: a damaged length must not ask for four gigabytes.
const ROOM_AT_ONCE: usize = 1 << 20;

const HEAD: u8 = b'h';
const MEMBERS: u8 = b'm';
const TASKS: u8 = b't';
const ENROLMENTS: u8 = b'e';
const END: u8 = b'.';

fn path(store: &Path) -> PathBuf {
    store.join("index.columns")
}

/// What there is little of.
#[derive(Serialize, Deserialize)]
struct Head {
    store: StoreFacts,
    rules: Rules,
    rules_toml: String,
    products: HashMap<ProductId, Product>,
    playbooks: BTreeMap<PlaybookId, PlaybookColumn>,
    playbook_ids: Vec<PlaybookId>,
    words: Words,
    answers: BTreeMap<AskKey, String>,
    paused: BTreeMap<Target, PauseState>,
    archived_members: u32,
    imports: BTreeMap<u32, ImportProgress>,
    last_import: u32,
    #[serde(default)]
    rules_file: String,
    #[serde(default)]
    reversals: BTreeMap<ActId, Reversal>,
    /// The years that the store was given, as one file.
    #[serde(default)]
    calendar: String,
    #[serde(default)]
    campaigns: BTreeMap<String, Campaign>,
    #[serde(default)]
    saved_views: BTreeMap<String, View>,
    #[serde(default)]
    snippets: Vec<Snippet>,
    #[serde(default)]
    snippet_uses: BTreeMap<String, (u32, Timestamp)>,
    #[serde(default)]
    days_off: BTreeSet<(PlaybookId, NaiveDate)>,
    #[serde(default)]
    works: Vec<LeftWork>,
    #[serde(default)]
    paused_since: BTreeMap<Target, Timestamp>,
    #[serde(default)]
    silenced: BTreeMap<AccountId, Silenced>,
}

type Chunks<I> = Vec<(Arc<Vec<I>>, Arc<Chunk>)>;

/// The columns at one moment, to be written while the book goes on.
pub struct Frozen {
    head: Head,
    accounts: Rows<AccountId, AccountColumn>,
    groups: Rows<GroupId, GroupColumn>,
    members: Chunks<MemberId>,
    tasks: Chunks<TaskId>,
    enrolments: Chunks<EnrolmentId>,
}

impl Columns {
    /// The columns as they are now, in the time that it takes to copy what there is little of.
    pub fn freeze(&self) -> Frozen {
        Frozen {
            head: Head {
                store: self.store.clone(),
                rules: self.rules.clone(),
                rules_toml: self.rules_toml.clone(),
                products: self.products.clone(),
                playbooks: self.playbooks.clone(),
                playbook_ids: self.playbook_ids.clone(),
                words: self.words.bare(),
                answers: self.answers.clone(),
                paused: self.paused.clone(),
                archived_members: self.archived_members,
                imports: self.imports.clone(),
                last_import: self.last_import,
                rules_file: self.rules_file.clone(),
                reversals: self.reversals.clone(),
                calendar: self.holidays.to_toml(),
                campaigns: self.campaigns.clone(),
                saved_views: self.saved_views.clone(),
                snippets: self.snippets.values().map(|column| column.body.clone()).collect(),
                snippet_uses: self.snippet_uses.clone(),
                days_off: self.days_off.clone(),
                works: self.works.clone(),
                paused_since: self.paused_since.clone(),
                silenced: self.silenced.clone(),
            },
            accounts: self.accounts.clone(),
            groups: self.groups.clone(),
            members: self.members.chunks(),
            tasks: self.tasks.chunks(),
            enrolments: self.enrolments.chunks(),
        }
    }
}

/// Writes columns that are those of `mark`.
///
/// # Errors
/// When the disk refuses; the older file then still stands.
pub fn write(store: &Path, columns: &Frozen, mark: &Mark) -> io::Result<()> {
    let aside = path(store).with_extension("columns.new");
    let mut out = BufWriter::with_capacity(1 << 18, fs::File::create(&aside)?);
    let mut header = Vec::with_capacity(HEADER_BYTES);
    header.extend_from_slice(MAGIC);
    header.extend_from_slice(&INDEX_VERSION.to_le_bytes());
    header.extend_from_slice(&mark.lineage);
    header.extend_from_slice(&mark.seq.to_le_bytes());
    header.extend_from_slice(&mark.crc.to_le_bytes());
    header.extend_from_slice(&crc32fast::hash(&header).to_le_bytes());
    out.write_all(&header)?;
    let (accounts, groups) = (listed(&columns.accounts), listed(&columns.groups));
    let head = rmp_serde::to_vec(&(&columns.head, accounts, groups)).map_err(io::Error::other)?;
    write_block(&mut out, HEAD, &head)?;
    write_chunks(&mut out, TASKS, &columns.tasks)?;
    write_chunks(&mut out, MEMBERS, &columns.members)?;
    write_chunks(&mut out, ENROLMENTS, &columns.enrolments)?;
    write_block(&mut out, END, &[])?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_data()?;
    fs::rename(&aside, path(store))
}

fn listed<I: Id, C>(rows: &Rows<I, C>) -> Vec<(I, &C)> {
    rows.iter().map(|(_, id, column)| (id, column)).collect()
}

fn write_chunks<I: Id>(out: &mut impl io::Write, kind: u8, chunks: &Chunks<I>) -> io::Result<()> {
    let mut payload = Vec::new();
    for (ids, chunk) in chunks {
        payload.clear();
        payload.extend_from_slice(&(ids.len() as u32).to_le_bytes());
        payload.extend(ids.iter().flat_map(|id| id.bits().to_le_bytes()));
        payload.extend(chunk.ends.iter().flat_map(|end| end.to_le_bytes()));
        payload.extend_from_slice(&chunk.bytes);
        write_block(out, kind, &payload)?;
    }
    Ok(())
}

fn write_block(out: &mut impl io::Write, kind: u8, payload: &[u8]) -> io::Result<()> {
    out.write_all(&[kind])?;
    out.write_all(&(payload.len() as u32).to_le_bytes())?;
    out.write_all(&block_crc(kind, payload).to_le_bytes())?;
    out.write_all(payload)
}

/// The CRC of a block: of its kind and its payload.
fn block_crc(kind: u8, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&[kind]);
    hasher.update(payload);
    hasher.finalize()
}

/// Reads the columns and the record they are true at; none when there is no whole file of this version and course
/// of history.
pub fn read(store: &Path, lineage: [u8; 16]) -> Option<(Columns, u64, u32)> {
    let mut file = BufReader::with_capacity(1 << 18, fs::File::open(path(store)).ok()?);
    let mut header = [0; HEADER_BYTES];
    file.read_exact(&mut header).ok()?;
    let (covered, crc) = header.split_at_checked(HEADER_BYTES - 4)?;
    if crc != crc32fast::hash(covered).to_le_bytes() {
        return None;
    }
    let mut rest = covered.strip_prefix(MAGIC)?;
    let version = u32::from_le_bytes(take(&mut rest)?);
    let history: [u8; 16] = take(&mut rest)?;
    let (seq, crc) = (u64::from_le_bytes(take(&mut rest)?), u32::from_le_bytes(take(&mut rest)?));
    if version != INDEX_VERSION || history != lineage {
        return None;
    }
    let mut blocks = Blocks::of(file)?;
    let mut columns = unpack_head(&blocks.take_if(HEAD)?)?;
    blocks.append(TASKS, &mut columns.tasks)?;
    let ended = columns.begin_ended();
    blocks.append(MEMBERS, &mut columns.members)?;
    blocks.append(ENROLMENTS, &mut columns.enrolments)?;
    blocks.take_if(END)?;
    columns.order(ended);
    Some((columns, seq, crc))
}

/// The blocks that are left of a file.
struct Blocks<R> {
    file: R,
    /// Kind and payload of the next one.
    next: (u8, Vec<u8>),
}

impl<R: io::Read> Blocks<R> {
    fn of(mut file: R) -> Option<Self> {
        let next = read_block(&mut file)?;
        Some(Self { file, next })
    }

    /// The next block's payload, if it is of a kind. None where it is not, and where what follows cannot be read.
    fn take_if(&mut self, kind: u8) -> Option<Vec<u8>> {
        if self.next.0 != kind {
            return None;
        }
        let next = if kind == END { (END, Vec::new()) } else { read_block(&mut self.file)? };
        Some(std::mem::replace(&mut self.next, next).1)
    }

    /// Takes all next blocks of a kind in; none where one does not fit behind the others.
    fn append<I: Id, C: Packed>(&mut self, kind: u8, rows: &mut PackedRows<I, C>) -> Option<()> {
        while self.next.0 == kind {
            let (ids, chunk) = unpack_chunk(self.take_if(kind)?)?;
            rows.append(ids, chunk).then_some(())?;
        }
        Some(())
    }
}

/// Reads a block: its kind and its payload.
fn read_block(file: &mut impl io::Read) -> Option<(u8, Vec<u8>)> {
    let mut header = [0; 9];
    file.read_exact(&mut header).ok()?;
    let mut rest = header.as_slice();
    let [kind] = take(&mut rest)?;
    let (bytes, crc) = (u32::from_le_bytes(take(&mut rest)?), u32::from_le_bytes(take(&mut rest)?));
    let mut payload = Vec::with_capacity(ROOM_AT_ONCE.min(bytes as usize));
    file.take(u64::from(bytes)).read_to_end(&mut payload).ok()?;
    (payload.len() == bytes as usize && block_crc(kind, &payload) == crc).then_some((kind, payload))
}

fn unpack_head(payload: &[u8]) -> Option<Columns> {
    type Whole = (Head, Vec<(AccountId, AccountColumn)>, Vec<(GroupId, GroupColumn)>);
    let (head, accounts, groups): Whole = unpack(payload).ok()?;
    Some(Columns {
        store: head.store,
        rules: head.rules,
        rules_toml: head.rules_toml,
        accounts: rows(accounts),
        groups: rows(groups),
        products: head.products,
        playbooks: head.playbooks,
        playbook_ids: head.playbook_ids,
        words: head.words,
        answers: head.answers,
        saved_views: head.saved_views,
        snippets: head
            .snippets
            .into_iter()
            .map(|body| (body.name.clone(), SnippetColumn::from(body)))
            .collect(),
        snippet_uses: head.snippet_uses,
        days_off: head.days_off,
        works: head.works,
        paused_since: head.paused_since,
        silenced: head.silenced,
        paused: head.paused,
        archived_members: head.archived_members,
        imports: head.imports,
        last_import: head.last_import,
        rules_file: head.rules_file,
        reversals: head.reversals,
        holidays: std::sync::Arc::new(Holidays::from_toml(&head.calendar)),
        campaigns: head.campaigns,
        ..Columns::default()
    })
}

fn rows<I: Id, C: Clone>(listed: Vec<(I, C)>) -> Rows<I, C> {
    let mut rows = Rows::default();
    for (id, column) in listed {
        rows.insert(id, column);
    }
    rows
}

/// The chunk of a block, in the room that it was read into; none where it is none.
fn unpack_chunk<I: Id>(mut payload: Vec<u8>) -> Option<(Vec<I>, Chunk)> {
    let mut before = payload.as_slice();
    let rows = u32::from_le_bytes(take(&mut before)?) as usize;
    let (ids, rest) = before.split_at_checked(rows.checked_mul(16)?)?;
    let (ends, bytes) = rest.split_at_checked(rows.checked_mul(4)?)?;
    let ids = ids.as_chunks().0.iter().map(|bits| I::from_bits(u128::from_le_bytes(*bits))).collect();
    let ends = ends.as_chunks().0.iter().map(|end| u32::from_le_bytes(*end)).collect();
    let before = payload.len() - bytes.len();
    payload.drain(..before);
    payload.shrink_to_fit();
    Some((ids, Chunk { ends, bytes: payload }))
}

/// Takes so many bytes off the front.
fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(*bytes)
}
