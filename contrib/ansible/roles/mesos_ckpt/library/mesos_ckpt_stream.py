"""What is known of the task mesos_ckpt_stream. It is carried out on the controller, by ../action_plugins/mesos_ckpt_stream.py."""

DOCUMENTATION = """
module: mesos_ckpt_stream
short_description: Runs a command on the host, between two files of the controller
description:
  - The command reads one file of the controller and writes another, byte by byte. Nothing is left on the host.
  - The host needs a shell, and no Python.
author: the authors of mesos-ckpt
options:
  command:
    description: The command, for the shell of the host.
    type: str
    required: true
  stdin:
    description: The file of the controller that the command reads as its standard input.
    type: path
  stdout:
    description: The file of the controller that the command's standard output goes to. It is empty until that is there whole.
    type: path
"""

EXAMPLES = """
- name: Take a copy of a checkpoint
  mesos_ckpt_stream:
    command: tar -C /var/lib/mesos -czf - meta
    stdout: /srv/copies/n1.tar.gz
"""

RETURN = """
rc:
  description: The exit code of the command.
  type: int
  returned: always
size:
  description: How many bytes it printed.
  type: int
  returned: always
stderr:
  description: What it printed to standard error.
  type: str
  returned: always
"""
