// Loaded to add items to a playlist or edit one: see desk/playlist_door.js.
import { open_add_dialog } from "./playlist/add/dialog";
import { open_item_dialog } from "./playlist/add/item_dialog";

frappe.provide("call_intelligence");

call_intelligence.open_playlist_dialog = open_add_dialog;
call_intelligence.open_playlist_item_dialog = open_item_dialog;
