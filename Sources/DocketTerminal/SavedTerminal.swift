internal import Glibc
internal import Synchronization

/// The settings of the process's one terminal, where signal handlers reach them.
///
/// A handler may run at any instruction of any thread, so what it needs lies in memory that is
/// allocated before the handler is installed and never freed, and it calls nothing but `tcsetattr`
/// and `write`, which POSIX allows there.
enum SavedTerminal {
    /// The descriptors of the terminal while it is in raw mode, else -1.
    private static let input = Atomic<Int32>(-1)
    private static let output = Atomic<Int32>(-1)

    /// Unsafe because handlers read it unlocked: it is written only while `input` is -1, which
    /// tells them to leave it alone.
    nonisolated(unsafe) private static let cooked = UnsafeMutablePointer<termios>.allocate(
        capacity: 1
    )

    /// Unsafe as every pointer; the bytes are never written again.
    nonisolated(unsafe) private static let farewell = unsafe UnsafeBufferPointer(
        allocating: farewellText
    )

    /// Evaluated once, when the terminal is first changed; it also allocates what handlers need.
    private static let restoresAtExit: Bool = {
        _ = unsafe farewell.count
        return atexit { SavedTerminal.restore() } == 0
    }()

    /// Ends what this module may have switched on in the terminal.
    private static let farewellText =
        ControlSequence.bracketedPasteOff + ControlSequence.resetStyle + ControlSequence.wrappingOn

    /// Puts a terminal into raw mode: keys arrive one by one, unechoed, and C-c is a key.
    ///
    /// Output is processed as before, so that lines of others, like a log, still begin at the left.
    static func enterRawMode(input: Int32, output: Int32) throws(TerminalError) {
        restore()
        guard unsafe tcgetattr(input, cooked) == 0 else { throw .failed(code: errno) }
        var raw = unsafe cooked.pointee
        unsafe cfmakeraw(&raw)
        raw.c_oflag = unsafe cooked.pointee.c_oflag
        _ = Self.restoresAtExit
        self.output.store(output, ordering: .sequentiallyConsistent)
        self.input.store(input, ordering: .sequentiallyConsistent)
        guard unsafe tcsetattr(input, TCSADRAIN, &raw) == 0 else {
            self.input.store(-1, ordering: .sequentiallyConsistent)
            throw .failed(code: errno)
        }
    }

    /// Puts the terminal back as it was before; does nothing if it already is.
    ///
    /// Safe in a signal handler.
    static func restore() {
        let descriptor = input.exchange(-1, ordering: .sequentiallyConsistent)
        guard descriptor >= 0 else { return }
        let screen = output.load(ordering: .sequentiallyConsistent)
        _ = unsafe write(screen, farewell.baseAddress, farewell.count)
        _ = unsafe tcsetattr(descriptor, TCSANOW, cooked)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Copies a text into memory that is never freed.
    fileprivate init(allocating text: String) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = unsafe bytes.initialize(from: text.utf8)
        self.init(bytes)
    }
}
