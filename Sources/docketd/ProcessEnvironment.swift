internal import DocketTransport
internal import Foundation

/// The variables of the process's environment that are Docket's.
enum ProcessEnvironment {
    /// What the name of every variable of Docket begins with.
    static let prefix = "DOCKET_"
    /// The longest environment that is looked at, in bytes: above what Linux gives a process.
    private static let longest = 8 << 20

    /// The variables whose names begin with `DOCKET_`.
    ///
    /// - Throws: A `Fault` that names a variable that is not UTF-8: what stands in its place in
    ///   Foundation's table is not what somebody wrote.
    static func variables() throws(ServerConfiguration.Fault) -> [String: String] {
        // A machine without /proc has that table all the same.
        guard let bytes = try? BoundedFile.read("/proc/self/environ", atMost: longest) else {
            return ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix(prefix) }
        }
        return try variables(in: bytes)
    }

    /// The variables in the form in which the system has them, each ended by a zero byte.
    static func variables(
        in bytes: [UInt8]
    ) throws(ServerConfiguration.Fault) -> [String: String] {
        var variables: [String: String] = [:]
        for entry in bytes.split(separator: 0) where entry.starts(with: prefix.utf8) {
            guard let text = String(validating: entry, as: UTF8.self) else {
                let name = entry.prefix { $0 != UInt8(ascii: "=") }
                throw ServerConfiguration.Fault(
                    description: "the environment variable "
                        + "\(String(decoding: name, as: UTF8.self)) is not UTF-8 text"
                )
            }
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        return variables
    }
}
