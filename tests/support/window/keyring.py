"""Asks the secret service about its login keyring: keyring.py state|lock|unlock [PASSWORD]."""

import sys

from gi.repository import Gio, GLib

LOGIN = "/org/freedesktop/secrets/collection/login"
action = sys.argv[1]
bus = Gio.bus_get_sync(Gio.BusType.SESSION)


def call(interface, method, arguments, path="/org/freedesktop/secrets"):
    flags = Gio.DBusCallFlags.NO_AUTO_START
    name = "org.freedesktop.secrets"
    return bus.call_sync(name, path, interface, method, arguments, None, flags, 30_000)


def is_locked():
    asked = GLib.Variant("(ss)", ("org.freedesktop.Secret.Collection", "Locked"))
    return call("org.freedesktop.DBus.Properties", "Get", asked, LOGIN)[0]


if action == "lock":
    call("org.freedesktop.Secret.Service", "Lock", GLib.Variant("(ao)", ([LOGIN],)))
elif action == "unlock":
    # The way that a login takes: with the password and without a prompt.
    plain = GLib.Variant("(sv)", ("plain", GLib.Variant("s", "")))
    session = call("org.freedesktop.Secret.Service", "OpenSession", plain)[1]
    secret = (session, b"", sys.argv[2].encode(), "text/plain")
    call(
        "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
        "UnlockWithMasterPassword",
        GLib.Variant("(o(oayays))", (LOGIN, secret)),
    )
print("locked" if is_locked() else "open")
