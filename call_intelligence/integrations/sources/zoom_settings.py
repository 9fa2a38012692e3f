"""What an administrator enters and switches for Zoom. The names in the help texts are those of marketplace.zoom.us."""

from collections.abc import Mapping

from .types import Setting, Switch

SETTINGS = (
	Setting("account_id", "Account ID", 'Page "App Credentials" of your Server-to-Server OAuth app'),
	Setting("client_id", "Client ID", 'Page "App Credentials"'),
	Setting("client_secret", "Client Secret", 'Page "App Credentials"', secret=True),
	Setting(
		"secret_token",
		"Secret Token",
		'Page "Feature" of your app, above "Event Subscriptions". Without it calls come later, when Zoom is asked for them.',
		required=False,
		secret=True,
	),
	Setting(
		"base_url",
		"Address of the API",
		"Only if you reach Zoom at another address than https://api.zoom.us, such as a proxy of your own",
		required=False,
	),
)

SWITCHES = (
	Switch("meetings", "Meetings", default=True),
	Switch("webinars", "Webinars", default=True),
	Switch("phone", "Zoom Phone", "Needs the scopes of Zoom Phone"),
	Switch("video", "Video", "Takes the video where there is one, instead of the sound alone"),
	Switch(
		"internal",
		"Internal meetings",
		"Takes meetings in which everybody belongs to your Zoom account",
		default=True,
	),
)
_DEFAULTS = {switch.name: switch.default for switch in SWITCHES}


def wanted(options: Mapping[str, bool], name: str) -> bool:
	return bool(options.get(name, _DEFAULTS[name]))
