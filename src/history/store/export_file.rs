//! The file that the user chose for the export, as the database keeps it.

use indexed_db_futures::error::Error;
use indexed_db_futures::prelude::*;
use wasm_bindgen::JsValue;

use super::database::Tables;
use super::receipts::EXPORTED;
use super::Store;

const HANDLE: &str = "handle";
const WRITTEN: &str = "written";

/// The file that a database keeps.
pub async fn file(tables: &Tables<'_>) -> Result<Option<JsValue>, Error> {
    tables.files.get::<JsValue, _, _>(HANDLE).await
}

/// Has a database keep a file, which is to be written anew, or forget it.
pub fn keep(tables: &Tables<'_>, file: Option<&JsValue>) -> Result<(), Error> {
    tables.files.delete(WRITTEN).build()?;
    match file {
        Some(file) => drop(tables.files.put(file).with_key(HANDLE).build()?),
        None => drop(tables.files.delete(HANDLE).build()?),
    }
    Ok(())
}

impl Store {
    /// The file, and what is known of the last time that it was written. `None` without a database.
    pub async fn chosen_file(&self) -> Option<(Option<JsValue>, Option<String>)> {
        let read = self.database()?.write(async |tables| {
            let file = file(tables).await?;
            let written = tables.files.get::<JsValue, _, _>(WRITTEN).await?;
            Ok((file, written.and_then(|written| written.as_string())))
        });
        read.await
    }

    /// Keeps a file, or forgets it.
    pub async fn keep_file(&self, file: Option<&JsValue>) -> Option<()> {
        let kept = self.database()?.write(async |tables| keep(tables, file));
        kept.await
    }

    /// Notes that the file was written, with all that was there at this time if with all, in milliseconds since
    /// 1970.
    pub async fn file_written(&self, written: &str, time: Option<f64>) -> Option<()> {
        let noted = self.database()?.write(async |tables| {
            tables
                .files
                .put(written.to_string())
                .with_key(WRITTEN)
                .build()?;
            Ok(())
        });
        noted.await?;
        match time {
            Some(time) => self.exported(time).await,
            None => Some(()),
        }
    }

    /// Notes that everything was exported that was there at this time.
    pub async fn exported(&self, time: f64) -> Option<()> {
        let noted = self.database()?.write(async |tables| {
            tables.chains.put(time).with_key(EXPORTED).build()?;
            Ok(())
        });
        noted.await
    }
}
