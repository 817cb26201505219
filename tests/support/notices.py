"""Delivery status notifications as mail servers write them, about a mail with a given Message-ID."""

from collections.abc import Callable
from typing import Final

Written = Callable[[str, str], str]
"""A notice about a mail, by its Message-ID, to a reader."""


def postfix(message_id: str, to: str, *, action: str = "failed", status: str = "5.1.1") -> str:
    """Headers of the mail alone: `bounce_size_limit`, or a mail that asked for no more (RET=HDRS)."""
    return f"""\
Return-Path: <>
Date: Tue, 24 Nov 2026 10:02:11 +0200 (EET)
From: MAILER-DAEMON@mx.atelier.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces@atelier.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
    boundary="4XkQ1z0Zzz.1795507331/mx.atelier.example"
Message-Id: <20261124080211.4XkQ1z0Zzz@mx.atelier.example>

This is a MIME-encapsulated message.

--4XkQ1z0Zzz.1795507331/mx.atelier.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.atelier.example.

<{to}>: host mx.client.example[192.0.2.25] said: 550 5.1.1
    <{to}>: Recipient address rejected: User unknown in local recipient table
    (in reply to RCPT TO command)

--4XkQ1z0Zzz.1795507331/mx.atelier.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.atelier.example
X-Postfix-Queue-ID: 4XkQ1z0Zzz
X-Postfix-Sender: rfc822; bounces@atelier.example
Arrival-Date: Tue, 24 Nov 2026 10:02:10 +0200 (EET)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.client.example
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address rejected: User
    unknown in local recipient table [/mx1]

--4XkQ1z0Zzz.1795507331/mx.atelier.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <bounces@atelier.example>
Message-ID: {message_id}
Date: Tue, 24 Nov 2026 08:02:10 +0000
From: "Atelierul SRL" <facturi@atelier.example>
To: "Ion" <{to}>
Subject: Factura IZV000001

--4XkQ1z0Zzz.1795507331/mx.atelier.example--
"""


def exchange(message_id: str, to: str) -> str:
    """A page for people first, the whole mail at the end, fields with the server's own X- among them."""
    name = to.split("@", maxsplit=1)[0]
    return f"""\
From: <postmaster@client.example>
To: <bounces@atelier.example>
Date: Tue, 24 Nov 2026 08:02:14 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="c7b1a6d2-1f5e-4c52-9c3e-0e5a5a1d9f10"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: ro-RO
Message-ID: <9e1f6b7e-4a06-4d0f-8a52-7b1c6e3f0a11@EXCH01.client.example>
In-Reply-To: {message_id}
References: {message_id}
Subject: =?utf-8?B?TmVsaXZyYWJpbDogRmFjdHVyYQ==?=
Auto-Submitted: auto-replied
MIME-Version: 1.0

--c7b1a6d2-1f5e-4c52-9c3e-0e5a5a1d9f10
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="4f0e3a52-90a4-4b5c-8a3d-6f1f2b7f2b19"

--4f0e3a52-90a4-4b5c-8a3d-6f1f2b7f2b19
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Delivery has failed to these recipients or groups:

--4f0e3a52-90a4-4b5c-8a3d-6f1f2b7f2b19
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body>Delivery has failed to {to}</body></html>

--4f0e3a52-90a4-4b5c-8a3d-6f1f2b7f2b19--

--c7b1a6d2-1f5e-4c52-9c3e-0e5a5a1d9f10
Content-Type: message/delivery-status

Reporting-MTA: dns;EXCH01.client.example
Received-From-MTA: dns;mx.atelier.example
Arrival-Date: Tue, 24 Nov 2026 08:02:12 +0000

Original-Recipient: rfc822;{to}
Final-Recipient: rfc822;{to}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException;
 the mailbox of {name} is full
X-Display-Name: Ion

--c7b1a6d2-1f5e-4c52-9c3e-0e5a5a1d9f10
Content-Type: message/rfc822

Received: from mx.atelier.example (192.0.2.10) by EXCH01.client.example
 (192.0.2.30) with Microsoft SMTP Server; Tue, 24 Nov 2026 08:02:12 +0000
Message-ID: {message_id}
From: <facturi@atelier.example>
To: "Ion" <{to}>
Subject: Factura IZV000001
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_b"

--=_b
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

Bun=C4=83 ziua,

--=_b--

--c7b1a6d2-1f5e-4c52-9c3e-0e5a5a1d9f10--
"""


def gmail(message_id: str, to: str) -> str:
    """Its diagnostic is folded over lines and has a link to a page of help; the mail is cut to its headers."""
    return f"""\
Delivered-To: bounces@atelier.example
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: bounces@atelier.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {message_id}
In-Reply-To: {message_id}
X-Failed-Recipients: {to}
Message-ID: <6744b1d3.050a0220.1f5e0c.0001.GMR@mx.google.com>
Date: Tue, 24 Nov 2026 00:02:13 -0800 (PST)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="000000000000d9d4b606277a1c11"; report-type=delivery-status

--000000000000d9d4b606277a1c11
Content-Type: multipart/related; boundary="000000000000d9d4be06277a1c13"

--000000000000d9d4be06277a1c13
Content-Type: text/plain; charset="UTF-8"

** Address not found **

Your message wasn't delivered to {to} because the address couldn't be found.

--000000000000d9d4be06277a1c13--

--000000000000d9d4b606277a1c11
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Tue, 24 Nov 2026 00:02:12 -0800 (PST)
X-Original-Message-ID: {message_id}

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.27, the server for the
 domain.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos or
 550 5.1.1 unnecessary spaces. https://support.example/?p=NoSuchUser - gsmtp
Last-Attempt-Date: Tue, 24 Nov 2026 00:02:13 -0800 (PST)

--000000000000d9d4b606277a1c11
Content-Type: message/rfc822

X-Received: by 2002:a05:6402:5213:b0:5cf:c1:0 with SMTP id s19;
        Tue, 24 Nov 2026 00:02:12 -0800 (PST)
Return-Path: <bounces@atelier.example>
Message-ID: {message_id}
Date: Tue, 24 Nov 2026 08:02:10 +0000
From: facturi@atelier.example
To: {to}
Subject: Factura IZV000001

----- Message truncated -----

--000000000000d9d4b606277a1c11--
"""


WRITTEN: Final[dict[str, Written]] = {"postfix": postfix, "exchange": exchange, "gmail": gmail}
