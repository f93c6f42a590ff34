"""Runs a command on the host, between two files of the controller.

The command's standard input is the file `stdin`, and what it prints goes to the file `stdout`, byte by byte. Ansible's own
modules pass on texts alone, and those that copy files need a place for them on the host. The host needs a shell here, and
no Python. The connection, and the way to become root, are those that Ansible has for the host.
"""

from __future__ import annotations

import os

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """One task: `command`, and the files `stdin` and `stdout`, each of which may be left out."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("command", "stdin", "stdout"))

    def run(self, tmp=None, task_vars=None):
        """Runs the command, and tells its exit code, how many bytes it printed, and what stood on standard error."""
        result = super().run(tmp, task_vars)
        if self._task.check_mode:
            return dict(result, skipped=True, msg="nothing is run on the host in check mode")
        target = self._task.args.get("stdout")
        if target:
            # What an earlier run has left is never taken for this one's answer, not even where the host is unreachable.
            write(target, b"")
        # Bytes that are no UTF-8 are kept as lone surrogates, and are bytes again below.
        ran = self._low_level_execute_command(
            self._task.args["command"].strip(), in_data=self._given(), encoding_errors="surrogateescape"
        )
        out = ran["stdout"].encode("utf-8", "surrogateescape")
        if target:
            write(target, out)
        said = ran["stderr"].encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
        result.update(changed=True, failed=ran["rc"] != 0, rc=ran["rc"], size=len(out), stderr=said)
        if result["failed"]:
            result["msg"] = f"the command ended with exit code {ran['rc']}: {said}"
        return result

    def _given(self):
        source = self._task.args.get("stdin")
        if not source:
            # With an input, ssh makes no terminal, which would change the bytes that the command prints.
            return b"\n"
        try:
            with open(source, "rb") as file:
                return file.read()
        except OSError as error:
            raise AnsibleActionFail(f"{source} cannot be read: {error.strerror}") from error


def write(file, content):
    """Writes a file that only its owner reads: secrets of tasks may be in it."""
    try:
        with open(file, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as opened:
            opened.write(content)
    except OSError as error:
        raise AnsibleActionFail(f"{file} cannot be written: {error.strerror}") from error
