/// The mails that wait where they are because their contacts have as many messages under way as
/// they may.
///
/// The first mail of such a contact is tried again at every look at the folder; those behind it
/// keep their order, and are not even read.
struct HeldBackMails: Sendable {
    /// Whose mails were held back, by the files.
    private var contacts: [MaildirName: String] = [:]
    /// The contacts that are full at this look, and those that were at the one before.
    private var (full, before): (Set<String>, Set<String>) = ([], [])

    /// Nothing is held back.
    init() {}

    /// A look at the folder begins: every contact may have room again.
    ///
    /// - Parameter files: The mails that wait.
    mutating func beginLook(at files: [MaildirName]) {
        (full, before) = ([], full)
        let waiting = Set(files)
        contacts = contacts.filter { waiting.contains($0.key) }
    }

    /// Whether a mail is known to wait behind another of its contact.
    func isHeldBack(_ file: MaildirName) -> Bool {
        contacts[file].map(full.contains) ?? false
    }

    /// Whether no more is taken of a contact at this look.
    func isFull(_ contact: String) -> Bool { full.contains(contact) }

    /// A mail stays where it is, and with it those of its contact that come later.
    ///
    /// - Parameters:
    ///   - file: The mail.
    ///   - contact: Whose it is.
    /// - Returns: Whether that is news: the contact had room at the look before.
    mutating func hold(_ file: MaildirName, of contact: String) -> Bool {
        contacts[file] = contact
        return full.insert(contact).inserted && !before.contains(contact)
    }
}
