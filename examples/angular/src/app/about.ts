import { Component } from '@angular/core';

@Component({
  template: `
    <h1>About the panel</h1>
    <p>Three models answer each question, and their votes decide. Leaving the page ends a question that is being asked.</p>
  `,
})
export class About {}
