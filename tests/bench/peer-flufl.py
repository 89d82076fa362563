#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Reads every file of a folder with flufl.bounce and makes JSON; prints how many files there were."""
import json, logging, os, sys
from email import message_from_bytes
from flufl.bounce import all_failures

logging.disable(logging.CRITICAL)
names = sorted(os.listdir(sys.argv[1]))
for name in names:
    with open(os.path.join(sys.argv[1], name), "rb") as file:
        try:
            soft, hard = all_failures(message_from_bytes(file.read()))
            json.dumps([[repr(a) for a in sorted(soft)], [repr(a) for a in sorted(hard)]])
        except Exception:  # it dies of some mails; they count as read
            pass
print(len(names), "messages")
