// The list of scans.

call_intelligence.show_text_as_text("Term Scan");
