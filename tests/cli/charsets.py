#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Workers read every charset: charsets.py RETOUR

The converters of iconv(3) are files that a worker loads when it meets the charset, inside its sandbox: for each charset a
notice is read from a file and from standard input, and the address that it names (RFC 6531) must come out.
"""
import base64
import json
import os
import subprocess
import sys
import tempfile

LATIN = "Grüße"
# Charset of mail, the codec of Python, words that it can write.
ROWS = [
    ("utf-8", "utf-8", "Grüße好"), ("utf-7", "utf-7", "Grüße"), ("utf-16", "utf-16", "Grüße"),
    ("iso-8859-1", "latin-1", LATIN), ("iso-8859-2", "iso8859-2", "Zażółć"), ("iso-8859-3", "iso8859-3", "Ĉiuĵaŭde"),
    ("iso-8859-4", "iso8859-4", "Ķēniņš"), ("iso-8859-5", "iso8859-5", "Привет"), ("iso-8859-6", "iso8859-6", "مرحبا"),
    ("iso-8859-7", "iso8859-7", "Καλημέρα"), ("iso-8859-8", "iso8859-8", "שלום"), ("iso-8859-9", "iso8859-9", "Teşekkür"),
    ("iso-8859-10", "iso8859-10", "Þórður"), ("iso-8859-13", "iso8859-13", "Ačiū"), ("iso-8859-14", "iso8859-14", "Ŵyneb"),
    ("iso-8859-15", "iso8859-15", "Œuvre"), ("iso-8859-16", "iso8859-16", "Mulțumesc"),
    ("windows-1250", "cp1250", "Zażółć"), ("windows-1251", "cp1251", "Привет"), ("windows-1252", "cp1252", "Œuvre"),
    ("windows-1253", "cp1253", "Καλημέρα"), ("windows-1254", "cp1254", "Teşekkür"), ("windows-1255", "cp1255", "שלום"),
    ("windows-1256", "cp1256", "مرحبا"), ("windows-1257", "cp1257", "Ačiū"), ("windows-1258", "cp1258", "đồng".replace("ồ", "ô")),
    ("koi8-r", "koi8-r", "Привет"), ("koi8-u", "koi8-u", "Їжак"), ("tis-620", "tis-620", "สวัสดี"), ("ibm866", "cp866", "Привет"),
    ("ibm850", "cp850", LATIN), ("ibm852", "cp852", "Zażółć"), ("macintosh", "mac-roman", LATIN),
    ("shift_jis", "cp932", "こんにちは"), ("euc-jp", "euc-jp", "こんにちは"), ("iso-2022-jp", "iso2022-jp", "こんにちは"),
    ("gb2312", "gb2312", "你好"), ("gbk", "gbk", "你好"), ("gb18030", "gb18030", "你好"),
    ("big5", "big5", "你好"), ("big5-hkscs", "big5hkscs", "你好"), ("euc-kr", "euc-kr", "안녕하세요"),
    ("iso-2022-kr", "iso2022-kr", "안녕하세요"), ("ks_c_5601-1987", "cp949", "안녕하세요"), ("johab", "johab", "안녕하세요"),
]


def notice(charset, codec, words):
    body = f"<{words}@domain.example>:\n550 5.1.1 User unknown\n"
    return (f"From: MAILER-DAEMON@mx.example\nTo: bounces@list.example\nSubject: failure notice\nMIME-Version: 1.0\n"
            f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
            ).encode() + base64.encodebytes(body.encode(codec))


def says(record, words):
    return [recipient.get("address") for recipient in record.get("recipients", [])] == [f"{words}@domain.example"]


def read(retour, mail, *arguments):
    done = subprocess.run([retour, "read", "--format", "json", "--jobs", "1", *arguments], input=mail, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(retour):
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for row in ROWS:
            paths.append(os.path.join(folder, row[0]))
            with open(paths[-1], "wb") as file:
                file.write(notice(*row))
        for row, record in zip(ROWS, read(retour, None, *paths)):
            if not says(record, row[2]):
                failed.append(f"{row[0]}, from a file")
        for row in ROWS:
            if not says(read(retour, notice(*row))[0], row[2]):
                failed.append(f"{row[0]}, from standard input")
    for line in failed:
        print(line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
