//! What is found by words in either language, by pinyin or its initials, and in spite of a typing error.
//!
//! Pure: nothing here touches the page. Only what is loaded lazily leads here.

mod initials;
pub mod matching;
pub mod syllables;
