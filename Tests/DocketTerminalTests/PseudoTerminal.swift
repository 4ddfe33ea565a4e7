import Glibc

/// A terminal whose person is the test: what is written to `master` is typed at `slave`.
final class PseudoTerminal {
    struct Failure: Error {
        let code: Int32
    }

    /// TIOCSPTLCK and TIOCGPTN of ioctl_tty(2), which the C library's module does not export.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    let master: Int32
    let slave: Int32
    private var isMasterOpen = true

    init() throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var isLocked: Int32 = 0
        var number: UInt32 = 0
        guard ioctl(master, Self.setLock, &isLocked) == 0,
            ioctl(master, Self.getNumber, &number) == 0
        else { throw Failure(code: errno) }
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        guard slave >= 0 else { throw Failure(code: errno) }
    }

    deinit {
        hangUp()
        close(slave)
    }

    /// Whether the terminal gives lines with echo, as it does when no program changed it.
    var isCooked: Bool {
        var settings = termios()
        tcgetattr(slave, &settings)
        let flags = UInt32(ICANON | ECHO | ISIG)
        return settings.c_lflag & flags == flags
    }

    func type(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
    }

    /// What the program wrote, of which at least one byte must have come.
    func read(atMost count: Int = 65_536) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = max(0, Glibc.read(master, buffer.baseAddress, count))
        }
    }

    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    func hangUp() {
        if isMasterOpen {
            close(master)
        }
        isMasterOpen = false
    }
}
