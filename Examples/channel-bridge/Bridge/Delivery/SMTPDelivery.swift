internal import CMail
internal import Dispatch

/// Hands mails to a server with libcurl.
struct SMTPDelivery: Sendable {
    /// Where the mails go.
    let server: SMTPServer
    // The library waits for the server on the thread that calls it, which must not be one of those
    // that run everything else.
    private let queue = DispatchQueue(label: "docket.smtp", attributes: .concurrent)

    /// Delivers to a server.
    init(to server: SMTPServer) {
        self.server = server
    }

    /// Tries once to deliver a mail.
    ///
    /// - Parameters:
    ///   - mail: The mail as it goes to a server.
    ///   - sender: The address that errors are sent to; empty for a mail whose errors nobody wants.
    ///   - recipients: Who gets it.
    /// - Returns: What became of it, for each recipient.
    func deliver(
        _ mail: [UInt8],
        from sender: String,
        to recipients: [String]
    ) async -> DeliveryVerdict {
        await withCheckedContinuation { continuation in
            queue.async {
                var dialogue = SMTPDialogue()
                let problem = perform(mail, sender, recipients, &dialogue)
                continuation.resume(
                    returning: DeliveryVerdict(for: recipients, after: dialogue, problem: problem)
                )
            }
        }
    }

    /// Speaks with the server, and gives why the dialogue broke off; nil where it did not.
    private func perform(
        _ mail: [UInt8],
        _ sender: String,
        _ recipients: [String],
        _ dialogue: inout SMTPDialogue
    ) -> String? {
        // The delivery is made, used and freed here, on one thread; every text it gets is copied.
        guard let delivery = unsafe docket_smtp_new() else { return "there is no memory" }
        defer { unsafe docket_smtp_free(delivery) }
        guard unsafe prepare(delivery, sender, recipients) else { return "there is no memory" }
        let limits = docket_smtp_limits(
            connection: server.limits.connection.wholeMilliseconds,
            reply: server.limits.reply.wholeMilliseconds,
            everything: server.limits.everything.wholeMilliseconds
        )
        // The visitor's pointer to `dialogue` is used during the call only, on this thread.
        let code = unsafe withUnsafeMutablePointer(to: &dialogue) { dialogue in
            unsafe mail.withUnsafeBufferPointer {
                unsafe docket_smtp_perform(
                    delivery,
                    $0.baseAddress,
                    $0.count,
                    limits,
                    { context, isReply, bytes, count in
                        let line = unsafe String(
                            decoding: UnsafeBufferPointer(start: bytes, count: count),
                            as: UTF8.self
                        )
                        let dialogue = unsafe context?.assumingMemoryBound(to: SMTPDialogue.self)
                        if isReply == 0 {
                            unsafe dialogue?.pointee.said(line)
                        } else {
                            unsafe dialogue?.pointee.heard(line)
                        }
                    },
                    dialogue
                )
            }
        }
        return code == 0 ? nil : unsafe String(cString: docket_smtp_words(code))
    }

    private func prepare(
        _ delivery: OpaquePointer,
        _ sender: String,
        _ recipients: [String]
    ) -> Bool {
        let security =
            switch server.security {
            case .plain: DOCKET_SMTP_PLAIN
            case .starttls: DOCKET_SMTP_STARTTLS
            case .tls: DOCKET_SMTP_TLS
            }
        guard unsafe docket_smtp_set_server(delivery, server.place, security) != 0,
            unsafe docket_smtp_set_sender(delivery, sender) != 0
        else { return false }
        if let path = server.authorities {
            guard unsafe docket_smtp_set_authorities(delivery, path) != 0 else { return false }
        }
        if let login = server.login {
            guard unsafe docket_smtp_set_login(delivery, login.user, login.password) != 0
            else { return false }
        }
        return recipients.allSatisfy { unsafe docket_smtp_add_recipient(delivery, $0) != 0 }
    }
}

extension Duration {
    /// The milliseconds in it, as C takes them: at least one, as zero would be no limit at all.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let (milliseconds, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !isTooLong else { return Int(Int32.max) }
        let all = milliseconds + attoseconds / 1_000_000_000_000_000
        return Int(clamping: Swift.min(Swift.max(all, 1), Int64(Int32.max)))
    }
}
