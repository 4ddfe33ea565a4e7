import Foundation

/// Exim on loopback, with a configuration of its own, which delivers into Maildirs of a folder.
final class MailServer: Sendable {
    /// A mail that was delivered.
    struct Mail: Sendable {
        /// The whole mail, lines as they are stored.
        let text: String

        /// The value of a header field, unfolded.
        func field(_ name: String) -> String? {
            let header = text.prefix(upTo: text.firstRange(of: "\n\n")?.lowerBound ?? text.endIndex)
            let lines = header.replacing("\n\t", with: " ").replacing("\n ", with: " ")
                .split(separator: "\n")
            let line = lines.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            return line.map { String($0.dropFirst(name.count + 1).drop { $0 == " " }) }
        }
    }

    private static let executable = "/usr/sbin/exim4"
    /// The system's user who owns mailboxes: Exim never delivers as root.
    private static let owner = "mail"

    private let folder: TestFolder
    private let program: Program
    /// Where it is, as HOST:PORT.
    let place: String

    /// Starts the server, and waits until it answers.
    init(in folder: TestFolder) async throws {
        self.folder = folder
        let port = try Self.freePort()
        place = "127.0.0.1:\(port)"
        for name in ["spool", "log", "boxes"] + Self.folders(of: "desk") {
            try Self.makeFolder(folder(name))
        }
        try folder.write(Self.configuration(folder.path), to: "exim.conf")
        program = try Program(
            Self.executable,
            ["-C", folder("exim.conf"), "-bdf", "-oX", place],
            in: folder
        )
        let program = program
        try await eventually("the mail server answers") {
            guard program.isRunning else {
                throw Program.Fault(description: "the mail server ended: \(program.log)")
            }
            return Self.answers(at: port)
        }
    }

    /// Ends the server at once: nothing of it outlives the test's folder.
    func stop() async throws {
        program.send(SIGKILL)
        try await program.ended()
    }

    /// The Maildir of an address's local part.
    func box(_ name: String) -> String { folder("boxes/\(name)") }

    /// Hands a mail over as a mail program of this machine does, and waits until it is delivered.
    func post(_ text: String, from sender: String, to recipient: String) async throws {
        let posting = try Program(
            Self.executable,
            ["-C", folder("exim.conf"), "-odf", "-i", "-f", sender, recipient],
            input: text,
            in: folder
        )
        let status = try await posting.ended()
        guard status == 0 else {
            throw Program.Fault(description: "the mail was not taken: \(posting.log)")
        }
    }

    /// The mails of a box, in the order of their delivery.
    func mails(of name: String) throws -> [Mail] {
        try ["cur", "new"].flatMap { part in
            let path = "\(box(name))/\(part)"
            guard FileManager.default.fileExists(atPath: path) else { return [Mail]() }
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map {
                Mail(text: try String(contentsOfFile: "\(path)/\($0)", encoding: .utf8))
            }
        }
    }

    private static func folders(of box: String) -> [String] {
        ["boxes/\(box)"] + ["new", "cur", "tmp"].map { "boxes/\(box)/\($0)" }
    }

    private static func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
        guard geteuid() == 0, let user = getpwnam(owner)?.pointee else { return }
        guard chown(path, user.pw_uid, user.pw_gid) == 0 else { throw POSIXError(.EPERM) }
    }

    /// As root the server becomes the owner of mailboxes; as somebody else it stays who it is.
    private static func configuration(_ path: String) -> String {
        let user = geteuid() == 0 ? owner : NSUserName()
        let group = geteuid() == 0 ? owner : "\(getegid())"
        return """
            exim_user = \(user)
            exim_group = \(group)
            primary_hostname = mail.test
            qualify_domain = mail.test
            spool_directory = \(path)/spool
            log_file_path = \(path)/log/%slog
            pid_file_path = \(path)/spool/exim.pid
            tls_advertise_hosts =
            rfc1413_query_timeout = 0s
            keep_environment =
            untrusted_set_sender = *
            domainlist local_domains = example.net : example.org
            acl_smtp_rcpt = acl_recipient

            begin acl
            acl_recipient:
              deny local_parts = gone
                message = no such user here
              defer local_parts = late
                condition = ${if exists{\(path)/busy}}
                message = try later
              accept domains = +local_domains
              deny message = not a mailbox of this machine

            begin routers
            mailbox:
              driver = accept
              domains = +local_domains
              local_parts = desk : ana : bo : late
              transport = maildir

            begin transports
            maildir:
              driver = appendfile
              directory = \(path)/boxes/$local_part_data
              maildir_format
              create_directory
              user = \(user)
              return_path_add

            """
    }

    // MARK: Ports

    private static func socketAddress(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = port.bigEndian
        return address
    }

    /// A port that nobody listens at now.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = socketAddress(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func answers(at port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = socketAddress(port)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
