#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The code database as programs and people see it: codes.py RETOUR PAGE

PAGE is docs/codes.md. Every line of the pages and both sides of every contradiction must come out of "retour explain", and
every code must have a card."""
import json
import re
import subprocess
import sys

retour, page = sys.argv[1:]
faults = []


def run(*arguments):
    return subprocess.run([retour, *arguments], check=True, capture_output=True, text=True).stdout


def explain(word, cards={}):
    """What the card of a word says, on one line."""
    if word not in cards:
        cards[word] = ' '.join(run('explain', word).split())
    return cards[word]


def expect(holds, what):
    if not holds:
        faults.append(what)


def has(card, text):
    return ' '.join(text.split()) in card


database = json.loads(run('codes', '--format', 'json'))
expect(database['schema'] == 'retour-codes/1', 'the schema has another name')
sizes = {'replies': 88, 'enhanced': 81, 'aliases': 312, 'contradictions': 35, 'pages': 5, 'reasons': 50}
for sheet, size in sizes.items():
    expect(len(database[sheet]) == size, f'{sheet}: {len(database[sheet])} rows, not {size}')

for row in database['replies'] + database['enhanced']:
    card = explain(row['code'])
    expect(card.startswith(f'{row["code"]} '), f'{row["code"]} has no card')
    expect(has(card, row['meaning']), f'{row["code"]} does not say what it means')
    if row.get('reason') and row.get('class') != 'none':
        expect(re.search(r' class \S+ .*reason .*fault .*advice .*what to do ', card), f'{row["code"]} gives no advice')

pages = {row['page'] for row in database['pages']}
for row in database['aliases']:
    expect(row['page'] in pages, f'{row["code"]}: "{row["text"]}" has no page')
    for code in re.findall(r'[0-9A-Za-z.]*\d[0-9A-Za-z.]*', row['code']):
        card = explain(code)
        expect(has(card, row['text']) and has(card, row['page']), f'{code}: "{row["text"]}" of {row["page"]} is lost')

for row in database['contradictions']:
    for code in [row['id'], *row['codes'].split()]:
        for side in 'claims', 'authority', 'resolution':
            expect(has(explain(code), row[side]), f'{code} does not tell the {side} of {row["id"]}')

for row in database['commands']:
    expect(has(explain(row['command']), f' {row["reply"]} '), f'{row["command"]} does not tell of {row["reply"]}')

for row in database['remedies']:
    for code in row['codes'].split():
        expect(has(explain(code), row['text']), f'{code}: the advice "{row["text"]}" is lost')

for row in database['reasons']:
    for column in 'meaning', 'operator', 'sender', 'sisimai', 'sendgrid':
        expect(has(explain(row['reason']), row[column]), f'{row["reason"]}: {column} is lost')

with open(page, encoding='utf-8') as file:
    expect(file.read() == run('codes', '--format', 'markdown'),
           f'{page} is not what "retour codes --format markdown" prints: write it anew')

for fault in faults:
    print(fault, file=sys.stderr)
sys.exit(1 if faults else 0)
