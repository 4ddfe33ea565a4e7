internal import DocketStore
internal import Foundation

/// What a page of a list by name says about where the next one begins.
///
/// Nothing depends on whether a client has made one up: it names a place, and rights are checked
/// on every page.
struct NamePageToken: Hashable {
    let epoch: Epoch
    let place: ContactPlace

    /// The bytes before the name.
    private static let fixedBytes = 16
    /// The longest name in a token, in bytes: a name of 128 bytes in lower case has at most three
    /// times as many.
    private static let nameBytes = 384

    /// The place behind which a page begins, by a token that this desk gave since it was last
    /// restored; the start for the first page.
    static func place(_ data: Data?, epoch: Epoch) throws(QueryError) -> ContactPlace {
        guard let data, !data.isEmpty else { return .start }
        guard (fixedBytes...fixedBytes + nameBytes).contains(data.count),
            Epoch(bytes: data.prefix(8)) == epoch,
            let ordinal = Epoch(bytes: data.dropFirst(8).prefix(8))?.value,
            let name = String(validating: data.dropFirst(fixedBytes), as: UTF8.self)
        else { throw .invalidPage }
        return ContactPlace(name: name, ordinal: ordinal)
    }

    /// The token's bytes.
    var data: Data {
        epoch.bytes + Epoch(place.ordinal).bytes + Data(place.name.utf8)
    }
}
