"""Runs on MicroPython: the board's link on this process's stdin and stdout, echoed until "."."""

from mesofw.board.usb_link import UsbLink

link = UsbLink()
buffer = bytearray(7)
ended = False
while not ended:
    count = link.read(buffer)
    ended = b"." in buffer[:count]
    sent = 0
    while sent < count:
        sent += link.write(memoryview(buffer)[sent:count])
