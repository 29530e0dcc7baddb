"""TMC2209 on its one-wire UART (data sheet rev. 1.09, 4: datagrams, CRC, IFCNT; 5: registers)."""

SYNC = 0x05
GCONF, GSTAT, IFCNT, SLAVECONF, IOIN = 0x00, 0x01, 0x02, 0x03, 0x06
CHOPCONF, DRV_STATUS, SG_RESULT = 0x6C, 0x6F, 0x41
READ_ONLY = (IFCNT, IOIN, DRV_STATUS, SG_RESULT)
AT_POWER_ON = {GCONF: 0x0000_0101, GSTAT: 0x01, IOIN: 0x2100_0000, CHOPCONF: 0x1000_0053}


def crc(data):
    """As the data sheet's example: bits as they come over the wire, x⁸ + x² + x + 1."""
    value = 0
    for byte in data:
        for bit in range(8):
            top = value >> 7 & 1
            value = value << 1 & 0xFF
            if top ^ (byte >> bit & 1):
                value ^= 0x07
    return value


class Tmc2209:
    """One driver. `powered` is its motor supply, without which it does not answer."""

    def __init__(self, address):
        self.address = address
        self.powered = True
        self.registers = {}
        self.power_on()

    def power_on(self):
        """Its supply comes back: everything is as after a reset."""
        self.registers = dict(AT_POWER_ON)
        self.writes = 0

    def hear(self, data):
        """A datagram on the wire; its reply, empty where it has none."""
        data = bytes(data)
        if not self.powered or len(data) not in (4, 8) or data[0] != SYNC:
            return b""
        if data[1] != self.address or crc(data[:-1]) != data[-1]:
            return b""
        register = data[2] & 0x7F
        if len(data) == 4:
            return self._read(register)
        if data[2] & 0x80:
            self._write(register, int.from_bytes(data[3:7], "big"))
        return b""

    def _read(self, register):
        value = self.writes if register == IFCNT else self.registers.get(register, 0)
        body = bytes((SYNC, 0xFF, register)) + value.to_bytes(4, "big")
        return body + bytes((crc(body),))

    def _write(self, register, value):
        self.writes = self.writes + 1 & 0xFF
        if register == GSTAT:
            self.registers[GSTAT] &= ~value
        elif register not in READ_ONLY:
            self.registers[register] = value


class Wire:
    """Drivers on one wire, datagram by datagram. `spoil(bytes)` may damage what comes back.

    What `mesofw.board.driver_wire.DriverWire` is to the firmware.
    """

    def __init__(self, drivers):
        self.drivers = drivers
        self.spoil = None
        self.sent = []
        self._back = b""

    def send(self, data, expected):
        """A datagram goes out; what comes back, as far as it is waited for."""
        self.sent.append(bytes(data))
        back = b"".join(driver.hear(data) for driver in self.drivers)
        if self.spoil:
            back = self.spoil(back)
        self._back = back[:expected]

    def take(self, buffer):
        """What came back; two bytes at a time."""
        count = len(self._back) & ~1
        buffer[:count] = self._back[:count]
        return count
