"""edit_until_killed.py FOLDER BOOK KEY MEMBER TEXT: writes a note, says its id, and waits to be killed."""

import signal
import sys

from conftest import MemoryVault
from guidebook_core import Guidebook, OpenRequest

folder, name, key, member, text = sys.argv[1:]
book = Guidebook.open(OpenRequest(directory=folder, book=name), MemoryVault({name: bytes.fromhex(key)}), None)
book.unlock()
print(book.write_note(member, text), flush=True)
signal.pause()
