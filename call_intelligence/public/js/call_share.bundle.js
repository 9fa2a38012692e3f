// Loaded when somebody wants to share a part of a call: see review/share.js for the door.
import { open_share_dialog } from "./share/open";

frappe.provide("call_intelligence");

call_intelligence.open_share_dialog = open_share_dialog;
