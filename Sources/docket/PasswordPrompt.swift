internal import DocketCommandLine
internal import Glibc

/// Asks for a password at the terminal, which does not show what is typed.
enum PasswordPrompt {
    /// The longest password that is taken, in bytes.
    private static let longest = 1_024

    /// Asks.
    ///
    /// - Parameter login: Whose password it is.
    /// - Returns: What was typed.
    /// - Throws: `CommandFailure` where there is no terminal, or nothing was typed.
    static func read(for login: String) throws(CommandFailure) -> String {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw CommandFailure(
                "there is no terminal to type the password at",
                advice: "Give it in a file: --password-file FILE",
                status: .usage
            )
        }
        defer { close(terminal) }
        var shown = termios()
        guard unsafe tcgetattr(terminal, &shown) == 0 else {
            throw CommandFailure("the terminal cannot hide what is typed", status: .localFile)
        }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        guard unsafe tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else {
            throw CommandFailure("the terminal cannot hide what is typed", status: .localFile)
        }
        defer { _ = unsafe tcsetattr(terminal, TCSAFLUSH, &shown) }
        say("Password of \(login): ", at: terminal)
        let line = line(from: terminal)
        say("\n", at: terminal)
        guard let password = String(validating: line, as: UTF8.self), !password.isEmpty else {
            throw CommandFailure("no password was typed", status: .usage)
        }
        return password
    }

    private static func say(_ text: String, at terminal: CInt) {
        let bytes = Array(text.utf8)
        _ = unsafe write(terminal, bytes, bytes.count)
    }

    /// What is typed up to the end of the line.
    private static func line(from terminal: CInt) -> [UInt8] {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < longest, unsafe Glibc.read(terminal, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { break }
            line.append(byte)
        }
        return line
    }
}
