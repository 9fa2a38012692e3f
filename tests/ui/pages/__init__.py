"""Page objects: what users see and do, page by page; the assertions are in the tests."""

from tests.ui.pages.call_list import CallListPage
from tests.ui.pages.clip import ClipPage
from tests.ui.pages.editing import EditingPage
from tests.ui.pages.participants import ParticipantsPage
from tests.ui.pages.player import PlayerPage
from tests.ui.pages.playlists import AddToPlaylistDialog, PlaylistPage
from tests.ui.pages.record import RecordPage, TimelineCard
from tests.ui.pages.review import ReviewPage
from tests.ui.pages.upload_dialog import UploadDialog

__all__ = [
	"AddToPlaylistDialog",
	"CallListPage",
	"ClipPage",
	"EditingPage",
	"ParticipantsPage",
	"PlayerPage",
	"PlaylistPage",
	"RecordPage",
	"ReviewPage",
	"TimelineCard",
	"UploadDialog",
]
