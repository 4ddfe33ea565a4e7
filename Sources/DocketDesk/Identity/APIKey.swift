internal import DocketDomain
internal import Foundation

/// The text of a key: `docket_<key id>_<secret>`, both parts in lower-case hexadecimal.
///
/// The prefix lets scanners of leaked secrets find one; the key id finds the stored digest of the
/// secret without telling anything about it.
struct APIKey: Hashable {
    /// What every key begins with.
    private static let prefix = "docket"
    /// How many random bytes the key id has: enough that two never meet.
    static let keyIDBytes = 8
    /// How many random bytes the secret has.
    ///
    /// With so many, a fast hash is enough to store it.
    static let secretBytes = 32
    /// The longest text that is looked at, in bytes.
    private static let textBytes = 256

    let keyID: String
    let secret: Data

    init(keyID: Data, secret: Data) {
        self.keyID = keyID.hexadecimal
        self.secret = secret
    }

    /// Takes a key from its text; `nil` if it is not one.
    init?(_ text: String) {
        guard text.utf8.count <= Self.textBytes else { return nil }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.prefix,
            let keyID = [UInt8](hexadecimal: parts[1]), keyID.count == Self.keyIDBytes,
            let secret = [UInt8](hexadecimal: parts[2]), secret.count == Self.secretBytes
        else { return nil }
        self.init(keyID: Data(keyID), secret: Data(secret))
    }

    /// The key as it is shown, once.
    var text: String { "\(Self.prefix)_\(keyID)_\(secret.hexadecimal)" }
}
