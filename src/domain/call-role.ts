/** What a call is for, if it is no call of a member of the panel: it has no vote, and counts in no statistics of members. */
export type CallRole = 'judge' | 'chairman' | 'ranker' | 'debater' | 'verifier' | 'embedder';
