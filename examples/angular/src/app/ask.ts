import { CurrencyPipe, PercentPipe } from '@angular/common';
import { Component, computed, signal } from '@angular/core';
import { predictResource } from 'crucible-ensemble/angular';

const STATES = {
  idle: 'No question yet',
  asking: 'Asking …',
  answered: 'Answered',
  stopped: 'Stopped',
  error: 'No answer',
} as const;

@Component({
  imports: [CurrencyPipe, PercentPipe],
  template: `
    <h1>Ask the panel</h1>
    <form (submit)="ask($event, question.value, panel.value)">
      <p>
        <label for="panel">Panel</label>
        <select id="panel" #panel>
          @for (name of panels; track name) {
            <option>{{ name }}</option>
          }
        </select>
      </p>
      <p>
        <label for="question">Question</label>
        <input id="question" #question required value="What is the capital of France?" />
      </p>
      <p>
        <button type="submit">Ask</button>
        <button type="button" id="stop" [disabled]="prediction.status() !== 'asking'" (click)="prediction.stop()">
          Stop
        </button>
        <button type="button" id="clear" (click)="asked.set(undefined)">Clear</button>
      </p>
    </form>

    <p role="status" id="status">{{ status() }}</p>
    @if (prediction.error(); as error) {
      <div role="alert">
        <p id="error">{{ error.message }}</p>
        <button type="button" id="again" (click)="prediction.reload()">Ask again</button>
      </div>
    }
    @if (prediction.value(); as value) {
      <h2>Answer</h2>
      <p id="answer">{{ value.text }}</p>
    }

    @if (votes().length > 0) {
      <h2>Votes</h2>
      <ul id="votes">
        @for (vote of votes(); track vote.answer) {
          <li>
            {{ vote.answer }}
            <meter min="0" [max]="prediction.members().length" [value]="vote.count" [attr.aria-label]="'Votes for ' + vote.answer"></meter>
            {{ vote.count }}
          </li>
        }
      </ul>
      <p id="consensus">Consensus {{ prediction.consensus() | percent }}</p>
    }
    @if (prediction.members().length > 0) {
      <h2>Members</h2>
      <ul id="members">
        @for (member of prediction.members(); track member.call) {
          <li>{{ member.model }}: {{ member.status }} <q>{{ member.text }}</q></li>
        }
      </ul>
      <p id="cost">
        Cost
        @if (prediction.cost().costUsd !== undefined) {
          {{ prediction.cost().costSource === 'partial' ? 'at least ' : '' }}{{ prediction.cost().costUsd | currency: 'USD' : 'symbol' : '1.2-4' }}
        } @else {
          unknown
        }
      </p>
    }
  `,
})
export class Ask {
  readonly panels = ['panel', 'broken'];
  readonly asked = signal<{ readonly question: string; readonly panel: string } | undefined>(undefined);
  readonly prediction = predictResource<string>({
    query: () => this.asked()?.question,
    ensemble: () => this.asked()?.panel,
  });
  readonly status = computed(() => STATES[this.prediction.status()]);
  readonly votes = computed(() =>
    Object.entries(this.prediction.votes())
      .map(([answer, count]) => ({ answer, count }))
      .sort((a, b) => b.count - a.count),
  );

  ask(event: Event, question: string, panel: string): void {
    event.preventDefault();
    const { asked } = this;
    const isTheSame = asked()?.question === question && asked()?.panel === panel;
    if (isTheSame) this.prediction.reload();
    else asked.set({ question, panel });
  }
}
