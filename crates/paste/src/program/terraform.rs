//! The blocks of a Terraform file.

use alloc::string::String;
use alloc::vec::Vec;

use super::lexer::{tokens, Language, Token};
use super::reader::Reader;
use crate::tree::{Pairs, Tree};

/// A block of Terraform.
pub struct Block {
    /// `resource` or `provider`.
    pub kind: String,
    /// Its type: `alicloud_cen_instance`.
    pub name: String,
    /// Its arguments.
    pub pairs: Pairs,
}

impl Block {
    /// An argument's value.
    pub fn argument(&self, name: &str) -> Option<&Tree> {
        let found = self.pairs.iter().find(|(own, _)| own == name);
        found.map(|(_, tree)| tree)
    }
}

/// The blocks of a Terraform file.
pub fn blocks(text: &str) -> Vec<Block> {
    let tokens = tokens(text, Language::Terraform);
    let mut reader = Reader::new(&tokens, Language::Terraform);
    let mut blocks = Vec::new();
    while !reader.is_done() {
        let (Some(Token::Word(kind)), Some(Token::Text(name))) =
            (tokens.get(reader.at), tokens.get(reader.at + 1))
        else {
            reader.at += 1;
            continue;
        };
        reader.at += 2;
        if let Some(Token::Text(_)) = tokens.get(reader.at) {
            reader.at += 1;
        }
        if let Some(Tree::Map(pairs)) = reader.value(0) {
            blocks.push(Block {
                kind: kind.clone(),
                name: name.clone(),
                pairs,
            });
        }
    }
    blocks
}
