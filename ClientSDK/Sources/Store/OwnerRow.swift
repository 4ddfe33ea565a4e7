internal import FoundationEssentials
internal import GRDB

/// The one row of the table `owner`.
struct OwnerRow {
    /// The columns, in the order in which rows are decoded.
    static let columns = "id, principal, guest_secret, guest_name, seal"

    /// Whose file it is.
    let owner: LocalOwner

    /// Prepares an owner for the table.
    init(_ owner: LocalOwner) {
        self.owner = owner
    }

    /// Takes the owner from a row with `columns`.
    ///
    /// - Throws: `LocalStoreError.damaged` for a row that was not written here.
    init(_ row: Row) throws(LocalStoreError) {
        let reading = RowReading(row, of: "the owner of a local store")
        guard let id = PartyID(bytes: try reading.bytes(1)) else { throw reading.damage }
        let name = try reading.optionalBytes(3) == nil ? nil : try reading.string(3)
        let guest = try reading.optionalBytes(2).map {
            LocalOwner.Guest(secret: $0, newName: name)
        }
        guard guest != nil || name == nil else { throw reading.damage }
        owner = LocalOwner(id: id, guest: guest)
        guard try reading.integer(0) == 1, try reading.bytes(4) == seal else {
            throw reading.damage
        }
    }

    /// The values of the columns behind `id`.
    var arguments: StatementArguments {
        [
            Data(owner.id.bytes), (owner.guest?.secret).map { Data($0) },
            owner.guest?.newName?.data, Data(seal),
        ]
    }

    private var seal: [UInt8] {
        var seal = RowSeal("owner")
        seal.add(owner.id.bytes)
        seal.add(owner.guest?.secret)
        seal.add(owner.guest?.newName.map { Array($0.utf8) })
        return seal.digest
    }
}
