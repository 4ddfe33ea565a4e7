/// What waits for a transaction of the writer's, and what to call after it has ended.
enum Waiting: Sendable {
    /// One submission.
    case submission(Submission, @Sendable (Reply) -> Void)
    /// Several that share a transaction.
    case group(SubmissionGroup, @Sendable ([Reply]) -> Void)

    /// How many submissions it has.
    var count: Int {
        switch self {
        case .submission: 1
        case .group(let group, _): group.submissions.count
        }
    }

    /// Whether any of its submissions is such a one.
    func contains(where matches: (Submission) -> Bool) -> Bool {
        switch self {
        case .submission(let submission, _): matches(submission)
        case .group(let group, _): group.submissions.contains(where: matches)
        }
    }

    /// Gives it its answers: as many as it has submissions.
    func complete(with replies: ArraySlice<Reply>) {
        precondition(replies.count == count, "every submission has an answer")
        switch self {
        case .submission(_, let completion):
            if let reply = replies.first { completion(reply) }
        case .group(_, let completion): completion(Array(replies))
        }
    }

    /// Gives each of its submissions the same answer.
    func complete(with reply: Reply) {
        switch self {
        case .submission(_, let completion): completion(reply)
        case .group(let group, let completion):
            completion(Array(repeating: reply, count: group.submissions.count))
        }
    }
}

extension ArraySlice<Waiting> {
    /// Takes the longest beginning with at most so many submissions, but at least one element: a
    /// group is never parted.
    mutating func takeBatch(atMost limit: Int) -> ArraySlice<Waiting> {
        var size = 0
        let batch = prefix { waiting in
            defer { size += waiting.count }
            return size == 0 || size + waiting.count <= limit
        }
        removeFirst(batch.count)
        return batch
    }
}
