import Foundation
import Testing

@Suite("The documentation shows nothing that does not compile")
struct ListingTests {
    /// Some lines of a page or of a file of Swift, without the indentation that they share.
    private struct Listing: Hashable {
        let lines: [String]

        init(_ lines: some Sequence<Substring>) {
            let lines = lines.map(String.init)
            let margin =
                lines.filter { !$0.allSatisfy(\.isWhitespace) }
                .map { $0.prefix { $0 == " " }.count }.min() ?? 0
            self.lines = lines.map { String($0.dropFirst(margin)) }
        }
    }

    /// A page with listings.
    private struct Page {
        let name: String
        let listings: [Listing]

        init(_ file: URL) throws {
            name = file.lastPathComponent
            var (listings, open): ([Listing], [Substring]?) = ([], nil)
            for line in try ListingTests.lines(of: file) {
                if let begun = open {
                    open = line == "```" ? nil : begun + [line]
                    if line == "```" { listings.append(Listing(begun)) }
                } else if line == "```swift" {
                    open = []
                }
            }
            self.listings = listings
        }
    }

    private static let here = URL(filePath: #filePath).deletingLastPathComponent()
    private static let library = here.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "ClientSDK")

    private static func lines(of file: URL) throws -> [Substring] {
        try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func files(in folder: URL, _ kind: String) throws -> [URL] {
        try FileManager.default
            .contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == kind }
            .sorted { $0.path < $1.path }
    }

    private static func pages() throws -> [Page] {
        let catalogue = library.appending(path: "Sources/Documentation.docc")
        return try ([library.appending(path: "README.md")] + files(in: catalogue, "md"))
            .map { try Page($0) }
    }

    /// Whether lines that follow each other in a file are those of a listing.
    private static func contains(_ listing: Listing, _ lines: [Substring]) -> Bool {
        let count = listing.lines.count
        guard count > 0, lines.count >= count else { return false }
        return (0...(lines.count - count)).contains { start in
            guard lines[start].hasSuffix(listing.lines[0]) else { return false }
            return Listing(lines[start..<(start + count)]) == listing
        }
    }

    @Test("Every listing of the README and the catalogue is a part of a file that compiles here")
    func listings() throws {
        let sources = try Self.files(in: Self.here, "swift").map(Self.lines)
        for page in try Self.pages() {
            for listing in page.listings
            where !sources.contains(where: {
                Self.contains(listing, $0)
            }) {
                Issue.record("\(page.name): in no file of Listings:\n\(listing.lines)")
            }
        }
    }

    @Test("The README and each tutorial have listings")
    func counts() throws {
        let counts = Dictionary(
            uniqueKeysWithValues: try Self.pages().map { ($0.name, $0.listings.count) }
        )
        for name in ["README.md", "ChatInAnApp.md", "ChannelIntegration.md", "PartnerTickets.md"] {
            #expect(counts[name, default: 0] >= 4, "\(name)")
        }
    }

    @Test("A line that a file does not have is found, and an indentation is none")
    func comparison() {
        let file = "func a() {\n    let x = 1\n\n    f(x)\n}".split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        let listing = { (text: String) in
            Listing(text.split(separator: "\n", omittingEmptySubsequences: false))
        }
        #expect(Self.contains(listing("let x = 1\n\nf(x)"), file))
        #expect(!Self.contains(listing("let x = 1\nf(x)"), file))
        #expect(!Self.contains(listing("let x = 1\n\n  f(x)"), file))
        #expect(!Self.contains(listing("x = 1"), file))
    }
}
