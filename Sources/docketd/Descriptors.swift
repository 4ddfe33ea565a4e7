internal import Glibc

/// The files and sockets that the process may have open at once.
enum Descriptors {
    /// How many are kept back from connections: the store, its copies, attachments, certificates
    /// and the log take a few dozen at the most.
    static let reserve = 128

    /// Raises the limit to what the system allows the process; gives what it is then.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            // The least that POSIX knows of (_POSIX_OPEN_MAX is 20); nothing smaller can be meant.
            return 20
        }
        let allowed = limit.rlim_max
        if limit.rlim_cur < allowed {
            var raised = limit
            raised.rlim_cur = allowed
            if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 {
                limit = raised
            }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many connections there may be under a limit of descriptors, of those that are wanted.
    ///
    /// Where the limit is small, half of it is for connections.
    static func connections(wanted: Int, limit: Int) -> Int {
        max(1, min(wanted, limit - min(reserve, limit / 2)))
    }
}
