internal import Foundation

/// What another process has used, by the kernel's own accounting.
struct ProcessAccounting {
    private let identifier: Int32

    init(identifier: Int32) {
        self.identifier = identifier
    }

    /// User and system time of all its threads.
    func processorTime() throws -> Duration {
        let line = try read("stat")
        // The second field, the name in parentheses, may have spaces.
        let rest = line[line.index(after: line.lastIndex(of: ")") ?? line.startIndex)...]
        let fields = rest.split(separator: " ")
        guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else {
            throw Unreadable(name: "stat")
        }
        let ticksPerSecond = Int64(sysconf(Int32(_SC_CLK_TCK)))
        return .milliseconds((user + system) * 1_000 / max(1, ticksPerSecond))
    }

    /// Resident memory in bytes.
    func residentBytes() throws -> Int {
        for line in try read("status").split(separator: "\n") where line.hasPrefix("VmRSS:") {
            let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if fields.count > 1, let kibibytes = Int(fields[1]) { return kibibytes << 10 }
        }
        throw Unreadable(name: "status")
    }

    private func read(_ name: String) throws -> String {
        try String(contentsOfFile: "/proc/\(identifier)/\(name)", encoding: .utf8)
    }

    /// The kernel's text was not of the known form.
    struct Unreadable: Error, CustomStringConvertible {
        let name: String
        var description: String { "the process' \(name) cannot be read" }
    }
}
