"""edit_until_killed.py FOLDER KEY MEMBER TEXT: writes a note, says its id, and waits to be killed."""

import signal
import sys

from conftest import MemoryVault
from guidebook_core import Guidebook, OpenRequest

folder, key, member, text = sys.argv[1:]
book = Guidebook.open(OpenRequest(directory=folder), MemoryVault(bytes.fromhex(key)), None)
book.unlock()
print(book.write_note(member, text), flush=True)
signal.pause()
