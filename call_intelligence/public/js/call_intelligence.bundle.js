// Loaded with every Desk page, so it stays small: the timeline card, its player, and the functions that load the lazy bundles.
import "./shared/live";
import * as format from "./shared/format";
import * as states from "./shared/states";
import { what_to_expect } from "./shared/speech_models";
import "./desk/timeline_card";
import "./desk/upload_button";
import "./desk/log_button";
import "./desk/playlist_door";
import * as list_records from "./desk/list_records";
import { keep_seconds } from "./desk/compat";
import { show_text_as_text, show_title_as_text } from "./desk/plain_text";
import { show_unknown_as_empty } from "./desk/unknown_figures";

// for form and list scripts, which are not modules
call_intelligence.format = format;
call_intelligence.states = states;
call_intelligence.list_records = list_records;
call_intelligence.what_to_expect = what_to_expect;
call_intelligence.keep_seconds = keep_seconds;
call_intelligence.show_text_as_text = show_text_as_text;
call_intelligence.show_title_as_text = show_title_as_text;
call_intelligence.show_unknown_as_empty = show_unknown_as_empty;
