//! The tables as Apache Parquet.
//!
//! In: records. Out: a file a table, with the columns and types that the package describes; a list is a JSON column.
//! Never: more rows in memory than a group has.

use std::fs::File;
use std::io;
use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::loss::Carry;
use super::{Format, Out};
use crate::emit::Document;
use crate::emit::tables::{About, Cell, Kind, TABLE_FIELDS, TABLES, Table};

/// Rows of a group.
const GROUP: usize = 65_536;

/// One file a table.
#[derive(Default)]
pub struct Parquet {
    tables: Vec<Writing>,
}

/// A table in the making.
struct Writing {
    file: SerializedFileWriter<File>,
    columns: Vec<Column>,
    rows: usize,
}

/// Values of a column that are not written yet; `None` stands in the levels only.
struct Column {
    required: bool,
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Bytes(Vec<ByteArray>),
    Integers(Vec<i64>),
    Numbers(Vec<f64>),
    Booleans(Vec<bool>),
}

impl Format for Parquet {
    fn carries(&self) -> Carry {
        TABLE_FIELDS
    }

    fn document(&mut self, document: &Document, out: &mut Out) -> io::Result<()> {
        self.open(out)?;
        out.loss.written();
        for (table, writing) in TABLES.iter().zip(&mut self.tables) {
            table.cells(document, &mut |cells| {
                writing.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
                writing.rows += 1;
            });
            if writing.rows >= GROUP {
                writing.flush().map_err(io::Error::other)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Out) -> io::Result<()> {
        self.open(out)?;
        for mut writing in self.tables.drain(..) {
            writing.flush().and_then(|()| writing.file.close()).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl Parquet {
    fn open(&mut self, out: &mut Out) -> io::Result<()> {
        if !self.tables.is_empty() {
            return Ok(());
        }
        for table in TABLES {
            let file = File::create(out.files.place(&format!("{}.parquet", table.name()))?)?;
            self.tables.push(begin(*table, file).map_err(io::Error::other)?);
        }
        Ok(())
    }
}

fn begin(table: &dyn Table, file: File) -> Result<Writing, ParquetError> {
    let columns = table.columns();
    let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    let schema = Arc::new(Type::group_type_builder(table.name()).with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_compression(parquet::basic::Compression::SNAPPY)
        .set_created_by(concat!("agendata ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let file = SerializedFileWriter::new(file, schema, Arc::new(properties))?;
    let empty = |c: &About| Column { required: c.required, levels: Vec::new(), values: Values::of(c.kind) };
    Ok(Writing { file, columns: columns.iter().map(empty).collect(), rows: 0 })
}

fn field(column: &About) -> Result<Arc<Type>, ParquetError> {
    let (physical, converted, logical) = match column.kind {
        Kind::Text | Kind::Date | Kind::Time => (Physical::BYTE_ARRAY, ConvertedType::UTF8, Some(LogicalType::String)),
        Kind::List => (Physical::BYTE_ARRAY, ConvertedType::JSON, Some(LogicalType::Json)),
        Kind::Integer => (Physical::INT64, ConvertedType::NONE, None),
        Kind::Number => (Physical::DOUBLE, ConvertedType::NONE, None),
        Kind::Boolean => (Physical::BOOLEAN, ConvertedType::NONE, None),
    };
    let repetition = if column.required { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    let field = Type::primitive_type_builder(column.name, physical)
        .with_repetition(repetition)
        .with_converted_type(converted)
        .with_logical_type(logical)
        .build()?;
    Ok(Arc::new(field))
}

impl Values {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Text | Kind::Date | Kind::Time | Kind::List => Values::Bytes(Vec::new()),
            Kind::Integer => Values::Integers(Vec::new()),
            Kind::Number => Values::Numbers(Vec::new()),
            Kind::Boolean => Values::Booleans(Vec::new()),
        }
    }

    /// Whether the cell was one of these; nothing is taken of another type.
    fn push(&mut self, cell: &Cell) -> bool {
        match (self, cell) {
            (Values::Bytes(all), Cell::Text(text)) => all.push(ByteArray::from(text.as_bytes().to_vec())),
            (Values::Bytes(all), Cell::List(list)) => {
                all.push(ByteArray::from(serde_json::to_vec(list).unwrap_or_default()));
            }
            (Values::Integers(all), Cell::Integer(n)) => all.push(i64::try_from(*n).unwrap_or(i64::MAX)),
            (Values::Numbers(all), Cell::Number(n)) => all.push(*n),
            (Values::Booleans(all), Cell::Boolean(b)) => all.push(*b),
            _ => return false,
        }
        true
    }

    /// What stands in a column that every row fills, where a row does not.
    fn push_nothing(&mut self) {
        match self {
            Values::Bytes(all) => all.push(ByteArray::from(Vec::new())),
            Values::Integers(all) => all.push(0),
            Values::Numbers(all) => all.push(0.0),
            Values::Booleans(all) => all.push(false),
        }
    }
}

impl Column {
    fn push(&mut self, cell: &Cell) {
        let there = self.values.push(cell);
        if self.required && !there {
            self.values.push_nothing();
        }
        self.levels.push(i16::from(there));
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<File>) -> Result<(), ParquetError> {
        let Some(mut column) = group.next_column()? else { return Ok(()) };
        let levels = (!self.required).then_some(self.levels.as_slice());
        match &self.values {
            Values::Bytes(all) => column.typed::<ByteArrayType>().write_batch(all, levels, None)?,
            Values::Integers(all) => column.typed::<Int64Type>().write_batch(all, levels, None)?,
            Values::Numbers(all) => column.typed::<DoubleType>().write_batch(all, levels, None)?,
            Values::Booleans(all) => column.typed::<BoolType>().write_batch(all, levels, None)?,
        };
        column.close()?;
        self.levels.clear();
        match &mut self.values {
            Values::Bytes(all) => all.clear(),
            Values::Integers(all) => all.clear(),
            Values::Numbers(all) => all.clear(),
            Values::Booleans(all) => all.clear(),
        }
        Ok(())
    }
}

impl Writing {
    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}
