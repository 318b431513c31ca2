export const EMAIL_DOMAIN = 'harbour.example';

export const FIRST_NAMES = (
  'Amara Anton Astrid Beatriz Benno Bruno Carla Cedric Chidi Clara Dagmar Dario Elena Emre Esther Farid Fiona Frank ' +
  'Gita Goran Hanna Henrik Ida Igor Ines Ivo Jasmin Joel Jonas Judith Kamal Karin Kenji Lars Leila Linus Luca Maja ' +
  'Marco Marta Mei Milan Nadia Nils Noor Olaf Paula Pavel Petra Ravi Rosa Samir Selma Sofia Stefan Tara Tomas Ulla ' +
  'Vera Viktor Wanda Yara Yusuf Zeno'
).split(' ');

export const LAST_NAMES = (
  'Abel Adeyemi Almeida Andersen Bauer Becker Berger Bianchi Brandt Castro Chen Costa Dahl Dietz Duarte Eriksen Fabre ' +
  'Farkas Ferrari Fischer Fontaine Garcia Graf Gruber Haas Haddad Hansen Horvat Ito Jansen Kaya Keller Kimura Klein ' +
  'Kovac Kumar Lang Larsen Leblanc Lindqvist Lopez Marino Mendes Meyer Moreau Nagy Nakamura Novak Okafor Olsen Ortega ' +
  'Osman Pereira Petrov Popescu Rao Reyes Ricci Rossi Sato Schulz Silva Simic Singh Sommer Suzuki Tanaka Toth Vargas ' +
  'Vogel Wagner Walsh Weber Winter Wolf Yilmaz Zeller Zhang'
).split(' ');

export const DEPARTMENTS = ['Engineering', 'Finance', 'IT', 'Legal', 'Marketing', 'Operations', 'People', 'Sales'];

export const JOB_TITLES = [
  'Analyst',
  'Coordinator',
  'Engineer',
  'Manager',
  'Partner',
  'Specialist',
  'Lead',
  'Assistant',
];

/** Lower-case letters and digits only, as mail systems like them; accents are dropped. */
export function mailPart(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
}
