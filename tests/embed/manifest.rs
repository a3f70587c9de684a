//! custom-elements.json and docs/embedding.md against what is there.
