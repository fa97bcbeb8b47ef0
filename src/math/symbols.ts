/** The symbols of mathematics, each with the commands of LaTeX, words and characters that are read as it. */
const SPELLINGS = `α alpha,β beta,γ gamma,δ delta,ε epsilon varepsilon,ζ zeta,η eta,θ theta vartheta,κ kappa,λ lambda,μ mu,ν nu,ξ xi,ρ rho,
σ sigma,τ tau,φ phi varphi ϕ,χ chi,ψ psi,ω omega,Γ Gamma,Δ Delta,Θ Theta,Λ Lambda,Ξ Xi,Σ Sigma,Φ Phi,Ψ Psi,Ω Omega,ℓ ell,
π pi,∞ infty infinity inf oo,i imath,· cdot times ast × * ⋅ ∙,/ div ÷ ∕ ⁄,- − – — ‐ ‑ minus negative,± pm,∓ mp,√ sqrt,∅ emptyset varnothing oslash,
= == ≡ equiv,≤ le leq leqslant <= ⩽,≥ ge geq geqslant >= ⩾,< lt,> gt,≠ ne neq != <>,≈ approx simeq sim doteq ≃ ∼ ~=,∈ in isin,
∪ cup union,∩ cap,∖ setminus backslash smallsetminus,| mid vert ∣,° circ degree degrees º,: colon,⌊ lfloor,⌋ rfloor,⌈ lceil,⌉ rceil,( langle ⟨,
) rangle ⟩,⦃ { lbrace,⦄ } rbrace,frac dfrac tfrac cfrac,binom dbinom tbinom,arcsin asin,arccos acos,arctan atan,log lg,ℝ R,ℕ N,ℤ Z,ℚ Q,ℂ C`;

const symbols: ReadonlyMap<string, string> = new Map(
  SPELLINGS.split(/,\s?/).flatMap((line) => {
    const [symbol = '', ...spellings] = line.split(' ');
    return spellings.map((spelling) => [spelling, symbol] as const);
  }),
);

/** Returns the symbol that a command, a word or a character stands for; what stands for itself, unchanged. */
export const symbolOf = (spelling: string): string => symbols.get(spelling) ?? spelling;

/** Whether a symbol is a variable: a letter, or a set of numbers. */
export const isLetter = (symbol: string): boolean => /^\p{L}$/u.test(symbol);
