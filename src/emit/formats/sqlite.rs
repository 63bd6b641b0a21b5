//! `agendata.sqlite`: the tables in one file, with keys, and a full-text search over titles, people and texts.
//!
//! In: records. Out: a SQLite 3 database: the nine tables as the package describes them, and `search` (FTS5: document, kind,
//! id, title, people, body). Never: SQL made of a document's text.

use std::io;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};

use super::loss::{Carry, How};
use super::{Format, Out, shown};
use crate::emit::Document;
use crate::emit::tables::{Cell, Kind, TABLE_FIELDS, TABLES, Table};

const FILE: &str = "agendata.sqlite";

/// One database.
#[derive(Default)]
pub struct Sqlite {
    database: Option<Connection>,
}

impl Format for Sqlite {
    fn carries(&self) -> Carry {
        TABLE_FIELDS
    }

    fn document(&mut self, document: &Document, out: &mut Out) -> io::Result<()> {
        out.loss.written();
        let database = self.open(out)?;
        for table in TABLES {
            let columns = table.columns().len();
            let marks = vec!["?"; columns].join(",");
            let insert = format!("INSERT INTO {} VALUES ({marks})", table.name());
            let mut statement = database.prepare_cached(&insert).map_err(io::Error::other)?;
            let mut result = Ok(());
            table.cells(document, &mut |cells| {
                if result.is_ok() {
                    result = statement.execute(params_from_iter(cells.iter().map(Value))).map(drop);
                }
            });
            result.map_err(io::Error::other)?;
        }
        let text = document.content().is_none();
        let why = "the dataset does not hold the text (name the folder of the inputs by --source)";
        out.loss.add("search.body", How::Dropped, why, u64::from(text));
        search(database, document).map_err(io::Error::other)
    }

    fn finish(&mut self, out: &mut Out) -> io::Result<()> {
        self.open(out)?;
        let Some(database) = self.database.take() else { return Ok(()) };
        let ended = database.execute_batch("COMMIT; INSERT INTO search(search) VALUES ('optimize'); PRAGMA optimize;");
        ended.map_err(io::Error::other)?;
        database.close().map_err(|(_, e)| io::Error::other(e))
    }
}

impl Sqlite {
    fn open(&mut self, out: &mut Out) -> io::Result<&Connection> {
        if self.database.is_none() {
            let database = Connection::open(out.files.place(FILE)?).map_err(io::Error::other)?;
            database.execute_batch(&structure()).map_err(io::Error::other)?;
            database.set_prepared_statement_cache_capacity(TABLES.len() + 1);
            self.database = Some(database);
        }
        self.database.as_ref().ok_or_else(|| io::Error::other("expected an open database"))
    }
}

/// The tables with their keys. All of it is one transaction, at whose end every reference must lead somewhere.
fn structure() -> String {
    let mut sql = String::from(
        "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON; PRAGMA application_id=1634166372; \
         PRAGMA user_version=1; BEGIN;\n",
    );
    for table in TABLES {
        sql.push_str(&create(*table));
    }
    sql.push_str(
        "CREATE VIRTUAL TABLE search USING fts5(document UNINDEXED, kind UNINDEXED, id UNINDEXED, title, people, body, \
         tokenize='unicode61 remove_diacritics 2');\n",
    );
    sql
}

fn create(table: &dyn Table) -> String {
    let mut parts: Vec<String> = table
        .columns()
        .iter()
        .map(|c| {
            let kind = match c.kind {
                Kind::Text | Kind::Date | Kind::Time | Kind::List => "TEXT",
                Kind::Integer => "INTEGER",
                Kind::Number => "REAL",
                Kind::Boolean => "INTEGER",
            };
            format!("\"{}\" {kind}{}", c.name, if c.required { " NOT NULL" } else { "" })
        })
        .collect();
    parts.push(format!("PRIMARY KEY ({})", quoted(table.key())));
    if table.columns().iter().any(|c| c.name == "uid") && table.name() != "events" {
        parts.push("UNIQUE (\"uid\")".into());
    }
    for link in table.links() {
        let (own, other) = (quoted(link.columns), quoted(link.targets));
        parts.push(format!("FOREIGN KEY ({own}) REFERENCES {} ({other}) DEFERRABLE INITIALLY DEFERRED", link.table));
    }
    format!("CREATE TABLE {} (\n  {}\n) STRICT;\n", table.name(), parts.join(",\n  "))
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ")
}

/// One row for the event, each session, each talk, and the document's text.
fn search(database: &Connection, document: &Document) -> rusqlite::Result<()> {
    let mut insert = database.prepare_cached("INSERT INTO search VALUES (?,?,?,?,?,?)")?;
    let record = document.record;
    let path = &record.source.path;
    let mut row = |kind: &str, id: &str, title: &str, people: &str, body: &str| {
        insert.execute([path.as_str(), kind, id, title, people, body]).map(drop)
    };
    let event = record.event.title.as_deref().or(record.source.title.as_deref()).unwrap_or_default();
    let everybody: Vec<String> = record.people.iter().map(shown::described).collect();
    row("document", &record.id, event, &everybody.join("\n"), document.content().unwrap_or_default())?;
    for session in &record.sessions {
        let people = shown::role_lines(record, &session.roles).join("\n");
        let lines = session.description.iter().chain(&session.questions).cloned().collect::<Vec<_>>().join("\n");
        row("session", &session.id, session.title.as_deref().unwrap_or_default(), &people, &lines)?;
        for talk in &session.talks {
            let people: Vec<String> = shown::speakers(record, talk).into_iter().map(shown::described).collect();
            let (title, body) = (talk.title.as_deref(), talk.description.as_deref());
            row("talk", &talk.id, title.unwrap_or_default(), &people.join("\n"), body.unwrap_or_default())?;
        }
    }
    Ok(())
}

/// A cell as SQLite takes it; a list is JSON.
struct Value<'a>(&'a Cell<'a>);

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Absent => ToSqlOutput::Borrowed(ValueRef::Null),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Integer(n) => ToSqlOutput::from(i64::try_from(*n).unwrap_or(i64::MAX)),
            Cell::Number(n) => ToSqlOutput::from(*n),
            Cell::Boolean(b) => ToSqlOutput::from(*b),
            Cell::List(list) => ToSqlOutput::from(serde_json::to_string(list).unwrap_or_default()),
        })
    }
}
