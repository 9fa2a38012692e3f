// Loaded before Frappe's own socket.io server, which asks the site under the name that the browser used.
//
// Browsers know that everything under .localhost is this machine; the resolver of many systems does not.
const dns = require("dns");

const lookup = dns.lookup;

dns.lookup = function (name, options, callback) {
	return lookup.call(
		this,
		/(^|\.)localhost$/.test(name) ? "127.0.0.1" : name,
		options,
		callback
	);
};
