internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Takes mails from the Maildir to the desk.
struct IncomingMails: Sendable {
    /// What goes on with a mail.
    private enum Outcome {
        case done
        /// It waits where it is, for this reason.
        case waits(String)
        /// There is no room for mails of this contact: they wait where they are. The error is nil
        /// where it waits behind another.
        case isFull(contact: String, EnqueueError?)
    }

    let relay: Relay
    let maildir: Maildir
    let records: MailRecords
    let own: Mailbox
    let limits: MailLimits
    let report: BridgeReport

    /// Takes every mail that waits, and looks again after a pause, until it is cancelled.
    ///
    /// - Parameter pause: How long to wait between two looks.
    /// - Throws: Why nothing more can be taken in.
    func run(every pause: Duration) async throws {
        var trouble: String?
        var heldBack = HeldBackMails()
        while true {
            let current = try await takeAll(&heldBack)
            if let current, current != trouble { report.tell("mails wait: \(current)") }
            trouble = current
            try await Task.sleep(for: pause)
        }
    }

    /// Takes every mail that waits, in their order.
    ///
    /// A contact that has as many messages as it may holds up its own mails alone.
    ///
    /// - Parameter heldBack: The mails that wait behind others of their contacts.
    /// - Returns: Why some are left; nil where none is.
    /// - Throws: Why nothing more can be taken in.
    func takeAll(_ heldBack: inout HeldBackMails) async throws -> String? {
        do {
            let waiting = try maildir.waiting()
            heldBack.beginLook(at: waiting)
            for file in waiting where !heldBack.isHeldBack(file) {
                do {
                    switch try await take(file, heldBack) {
                    case .done: break
                    case .waits(let reason): return reason
                    case .isFull(let contact, let error):
                        if heldBack.hold(file, of: contact), let error {
                            report.tell(
                                "\(file.text) waits, and later ones of its sender: \(error)"
                            )
                        }
                    }
                } catch let fault as MailFault {
                    try maildir.refuse(file, because: fault)
                    report.tell("set aside \(file.text): \(fault)")
                }
            }
        } catch let fault as FolderFault where fault.isForLackOfRoom {
            return "\(fault)"
        }
        return nil
    }

    /// Takes one mail.
    ///
    /// Only when the relay has it on the disk, it leaves the place where it waits.
    ///
    /// - Throws: `MailFault` where it can never be taken in, and others for what concerns more.
    private func take(
        _ file: MaildirName,
        _ heldBack: HeldBackMails
    ) async throws -> Outcome {
        guard let bytes = try maildir.read(file, atMost: limits.bytes) else { return .done }
        let mail = try ReceivedMail(try MailReader.read(bytes, limits: limits))
        guard mail.sender.key != own.key else { throw MailFault.fromOurselves(own.address) }
        var intake = Intake(of: mail)
        guard !heldBack.isFull(intake.contactKey) else {
            return .isFull(contact: intake.contactKey, nil)
        }
        let kept = try records.correspondence(relay.messageID(of: intake.name.text))
        if let kept, kept.digest != mail.digest {
            report.tell("\(file.text) has the Message-ID of another mail, and gets its own")
            intake.name = mail.nameOfItsOwn
        }
        let message = relay.messageID(of: intake.name.text)
        try records.keep(Correspondence(of: mail), of: message)
        do throws(EnqueueError) {
            let ingestion = try await relay.ingest(incoming(intake))
            if case .echo = ingestion { report.tell("\(file.text) is an answer that came back") }
        } catch {
            return try Self.outcome(of: error, from: intake.contactKey)
        }
        try maildir.finish(file)
        return .done
    }

    /// Whether a mail waits where it is, or can never be kept.
    private static func outcome(
        of error: EnqueueError,
        from contact: String
    ) throws -> Outcome {
        switch error {
        case .outboxFull(.contact): .isFull(contact: contact, error)
        case .outboxFull, .storageFull, .storageFailed, .profileBusy, .attachmentUnsent:
            .waits("\(error)")
        case .tooLarge, .attachmentTooLarge, .attachmentUnreadable, .keyReused, .invalid:
            throw MailFault.notKept("\(error)")
        case .otherPrincipal, .closed: throw CommandFailure(error)
        }
    }

    private func incoming(_ intake: Intake) -> IncomingMessage {
        let names = OwnName(for: own)
        return IncomingMessage(
            externalID: intake.name.text,
            from: ExternalContact(id: intake.contactKey, name: intake.contactName),
            text: intake.text,
            title: intake.title,
            sentAt: intake.sentAt,
            attachments: intake.files.map { AttachmentDraft(.bytes($0.bytes), name: $0.name) },
            inReplyTo: intake.earlier.map { name in
                names.message(in: name).map { .message($0) } ?? .externalID(name.text)
            }
        )
    }
}
