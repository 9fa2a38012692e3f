// Loaded to upload calls: see desk/upload_button.js.
import { UploadDialog } from "./upload/dialog";

frappe.provide("call_intelligence");

call_intelligence.open_upload_dialog = (options) => new UploadDialog(options).show();
