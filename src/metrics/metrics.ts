/** What many predictions say together: statistics and reports. */
export {};
