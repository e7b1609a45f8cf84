//! The columns file: the book in memory as it was at one record, so that opening need not read the journal.
//!
//! ```text
//! index.columns   magic, INDEX_VERSION (u32), lineage, sequence number (u64), CRC of that record's frame (u32),
//!                 CRC of the bytes before (u32), blocks
//! block           kind (u8), bytes (u32), CRC of kind and payload (u32), payload
//! ```
//!
//! Numbers are little-endian. A block of kind `h` comes first: what is few (MessagePack without names); `m`, `t`
//! and `e` hold a chunk of members, tasks or enrolments as it stands in memory: how many, their ids, where each row
//! ends, the rows; `.` says that no block is missing. Orders by time and places by id are made anew while reading. A
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
    AccountColumn, Columns, GroupColumn, ImportProgress, LeftWork, PlaybookColumn, Reversal, SnippetColumn,
    StoreFacts, Words,
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
pub(in crate::store) const MAGIC: &[u8; 8] = b"quncol5\n";
/// Bytes before the first block.
pub const HEADER_BYTES: usize = 8 + 4 + 16 + 8 + 4 + 4;

/// How many blocks are read ahead of those that are unpacked.
const BLOCKS_AHEAD: usize = 8;

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
    write_chunks(&mut out, MEMBERS, &columns.members)?;
    write_chunks(&mut out, TASKS, &columns.tasks)?;
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
    let mut payload = Vec::new();
    let mut columns = match read_block(&mut file, &mut payload)? {
        HEAD => unpack_head(&payload)?,
        _ => return None,
    };
    // one thread reads and checks, this one unpacks
    let whole = std::thread::scope(|scope| {
        let (send, blocks) = std::sync::mpsc::sync_channel::<(u8, Vec<u8>)>(BLOCKS_AHEAD);
        scope.spawn(move || {
            loop {
                let mut payload = Vec::new();
                let Some(kind) = read_block(&mut file, &mut payload) else { return };
                if send.send((kind, payload)).is_err() || kind == END {
                    return;
                }
            }
        });
        for (kind, payload) in blocks {
            let taken = match kind {
                MEMBERS => append(&payload, &mut columns.members),
                TASKS => append(&payload, &mut columns.tasks),
                ENROLMENTS => append(&payload, &mut columns.enrolments),
                END => return true,
                _ => false,
            };
            if !taken {
                return false;
            }
        }
        // it ended before its end
        false
    });
    if !whole {
        return None;
    }
    columns.order();
    Some((columns, seq, crc))
}

/// Reads a block's payload; gives its kind.
fn read_block(file: &mut impl io::Read, payload: &mut Vec<u8>) -> Option<u8> {
    let mut header = [0; 9];
    file.read_exact(&mut header).ok()?;
    let mut rest = header.as_slice();
    let [kind] = take(&mut rest)?;
    let (bytes, crc) = (u32::from_le_bytes(take(&mut rest)?), u32::from_le_bytes(take(&mut rest)?));
    payload.clear();
    // not all room at once: a damaged length must not ask for four gigabytes
    file.take(u64::from(bytes)).read_to_end(payload).ok()?;
    (payload.len() == bytes as usize && block_crc(kind, payload) == crc).then_some(kind)
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

/// Takes the chunk of a block in behind the others; false where it is none, or has no place there.
fn append<I: Id, C: Packed>(payload: &[u8], rows: &mut PackedRows<I, C>) -> bool {
    unpack_chunk(payload).is_some_and(|(ids, chunk)| rows.append(ids, chunk))
}

fn unpack_chunk<I: Id>(mut payload: &[u8]) -> Option<(Vec<I>, Chunk)> {
    let rows = u32::from_le_bytes(take(&mut payload)?) as usize;
    let (ids, rest) = payload.split_at_checked(rows.checked_mul(16)?)?;
    let (ends, bytes) = rest.split_at_checked(rows.checked_mul(4)?)?;
    let ids = ids.as_chunks().0.iter().map(|bits| I::from_bits(u128::from_le_bytes(*bits))).collect();
    let ends = ends.as_chunks().0.iter().map(|end| u32::from_le_bytes(*end)).collect();
    Some((ids, Chunk { ends, bytes: bytes.to_vec() }))
}

/// Takes so many bytes off the front.
fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(*bytes)
}
