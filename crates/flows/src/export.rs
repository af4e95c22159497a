//! Lists as files that open right in a spreadsheet.

/// A list as CSV (RFC 4180) the way spreadsheets in Sweden take it without a question: a byte order mark, so that å is å;
/// semicolons between the cells; CRLF. A cell that a spreadsheet would take for a formula gets an apostrophe in front (CWE-1236).
///
/// # Errors
/// When memory cannot be written to.
pub fn csv<R, C>(rows: R) -> Result<String, csv::Error>
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = String>,
{
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(harmless))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
}

fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_right() {
        let rows = [
            ["Sida", "Text"],
            ["/mine", "två; \"ord\""],
            ["/", "=HYPERLINK(\"x\")"],
            ["/a", "rad\nrad"],
        ];
        let text = csv(rows.map(|row| row.map(str::to_owned))).unwrap();
        assert_eq!(
            text,
            "\u{feff}Sida;Text\r\n/mine;\"två; \"\"ord\"\"\"\r\n/;\"'=HYPERLINK(\"\"x\"\")\"\r\n/a;\"rad\nrad\"\r\n"
        );
    }
}
