/// The pages of a file's schema, of which all but the first have moved to other places.
///
/// The schema is a table with its root on the first page, behind the header of the file
/// (sqlite.org/fileformat2.html, sections 1.6 and 2.6). Pages that hold no rows name the pages
/// below them.
struct SchemaPages {
    /// The most pages that a schema has: a guard against pages that name each other.
    private static let most = 64
    private static let interiorTable: UInt8 = 5
    private static let fileHeader = 100

    /// The first page of the file.
    private(set) var first: [UInt8]
    /// The others, in the order of their new places.
    private(set) var others: [[UInt8]] = []
    private let start: UInt32

    /// Reads the schema of a sound file; nil where its pages are not those of a schema.
    ///
    /// - Parameters:
    ///   - start: The number of the page to which the first that moves goes; the others follow.
    ///   - page: Reads the page with a number, from 1.
    /// - Throws: What `page` throws.
    init?(
        movedTo start: UInt32,
        _ page: (UInt32) throws(LocalStoreError) -> [UInt8]
    ) throws(LocalStoreError) {
        self.start = start
        first = try page(1)
        guard first.count == LocalSchema.pageSize,
            let moved = try moved(first, headerAt: Self.fileHeader, page)
        else { return nil }
        first = moved
    }

    /// A page that names the new places of the pages below it, which move with it.
    private mutating func moved(
        _ original: [UInt8],
        headerAt header: Int,
        _ page: (UInt32) throws(LocalStoreError) -> [UInt8]
    ) throws(LocalStoreError) -> [UInt8]? {
        guard original[header] == Self.interiorTable else { return original }
        var moved = original
        let cells = Int(moved[header + 3]) << 8 | Int(moved[header + 4])
        var pointers = [header + 8]
        for cell in 0..<cells {
            let place = header + 12 + 2 * cell
            guard place + 1 < moved.count else { return nil }
            pointers.append(Int(moved[place]) << 8 | Int(moved[place + 1]))
        }
        for pointer in pointers {
            guard pointer + 4 <= moved.count, others.count < Self.most else { return nil }
            let child = moved[pointer..<pointer + 4].reduce(0) { $0 << 8 | UInt32($1) }
            guard child > 1 else { return nil }
            let place = others.count
            let (number, isTooLarge) = start.addingReportingOverflow(UInt32(place))
            guard !isTooLarge else { return nil }
            others.append([])
            let content = try page(child)
            guard content.count == LocalSchema.pageSize,
                let below = try self.moved(content, headerAt: 0, page)
            else { return nil }
            others[place] = below
            for (index, shift) in [24, 16, 8, 0].enumerated() {
                moved[pointer + index] = UInt8(truncatingIfNeeded: number >> UInt32(shift))
            }
        }
        return moved
    }
}
